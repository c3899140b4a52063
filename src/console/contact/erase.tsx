import { type FormEvent, useState } from 'react'
import { EraseContactsDocument } from '../generated/documents/Mutations.ts'
import { ActionError, useAction } from '../shared/action.tsx'
import { Dialog } from '../shared/dialog.tsx'
import { text } from '../shared/text.ts'

interface EraseProps {
  readonly id: string
  readonly name: string
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onErased: () => void
}

/** Erasing cannot be reverted, so the name has to be typed and a reason given. */
export function EraseDialog({ id, name, isOpen, onClose, onErased }: EraseProps) {
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const [failed, setFailed] = useState<string | null>(null)
  const action = useAction(EraseContactsDocument)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const data = await action.run({ input: { ids: [id], reason } })
    const result = data?.eraseContacts
    if (!result || !('erasures' in result)) return
    const [failure] = result.failed
    if (failure) setFailed(failure.message)
    else onErased()
  }
  return (
    <Dialog title={text.erase.heading(name)} isOpen={isOpen} onClose={onClose}>
      <p>{text.erase.meaning}</p>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <label>
          <span>{text.erase.reason}</span>
          <input value={reason} maxLength={500} onChange={({ target }) => setReason(target.value)} />
        </label>
        <label>
          <span>{text.erase.type(name)}</span>
          <input value={typed} autoComplete="off" onChange={({ target }) => setTyped(target.value)} />
        </label>
        <ActionError action={action} />
        {failed !== null && (
          <p className="failure" role="alert">
            {failed}
          </p>
        )}
        <button type="submit" className="danger" disabled={action.isBusy || typed.trim() !== name.trim() || reason.trim() === ''}>
          {text.erase.confirm}
        </button>
      </form>
    </Dialog>
  )
}
