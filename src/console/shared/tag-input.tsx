import { useState } from 'react'
import { text } from './text.ts'

interface TagInputProps {
  readonly label: string
  readonly tags: readonly string[]
  readonly onChange: (tags: readonly string[]) => void
}

/** Texts as chips that can be removed, and a field to add one. What stands in the field when it is left is added too. */
export function TagInput({ label, tags, onChange }: TagInputProps) {
  const [typed, setTyped] = useState('')
  const add = (): void => {
    const tag = typed.trim()
    setTyped('')
    if (tag !== '' && !tags.some((other) => other.toLowerCase() === tag.toLowerCase())) onChange([...tags, tag])
  }
  return (
    <div className="tags" role="group" aria-label={label}>
      {tags.map((tag) => (
        <button
          key={tag}
          type="button"
          className="chip"
          aria-label={text.edit.removeOf(tag)}
          onClick={() => onChange(tags.filter((other) => other !== tag))}
        >
          {tag} ×
        </button>
      ))}
      <input
        className="chip-input"
        aria-label={text.edit.addTag}
        placeholder={text.edit.tagHint}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onBlur={add}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          add()
        }}
      />
    </div>
  )
}
