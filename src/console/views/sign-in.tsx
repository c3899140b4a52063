import { type FormEvent, useState } from 'react'
import { text } from '../shared/text.ts'

export function SignIn({ onSignIn }: { readonly onSignIn: (credential: string) => void }) {
  const [value, setValue] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (value.trim() !== '') onSignIn(value.trim())
  }
  return (
    <main className="page narrow">
      <h1>{text.title}</h1>
      <form className="stack" onSubmit={submit}>
        <label htmlFor="credential">{text.signIn.label}</label>
        <input id="credential" type="password" autoComplete="off" value={value} onChange={({ target }) => setValue(target.value)} />
        <p className="soft">{text.signIn.hint}</p>
        <button type="submit" className="primary">
          {text.signIn.action}
        </button>
      </form>
    </main>
  )
}
