import { type FormEvent, useState } from 'react'
import { useMutation } from 'urql'
import { CreateNoteDocument, type NoteItemFragment } from '../generated/operations.ts'
import { Empty, Failure } from '../shared/states.tsx'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'

interface NotesProps {
  readonly id: string
  readonly notes: readonly NoteItemFragment[]
  readonly canWrite: boolean
}

export function Notes({ id, notes, canWrite }: NotesProps) {
  const [body, setBody] = useState('')
  const [refusal, setRefusal] = useState<string | null>(null)
  const [{ error, fetching }, create] = useMutation(CreateNoteDocument)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const { data } = await create({ input: { contactId: id, body } })
    const result = data?.createNote
    if (result && 'message' in result) return setRefusal(result.message ?? null)
    if (result) setBody('')
    setRefusal(null)
  }
  return (
    <div>
      {canWrite && (
        <form className="stack" onSubmit={(event) => void submit(event)}>
          <textarea
            rows={3}
            aria-label={text.contact.noteLabel}
            placeholder={text.contact.noteLabel}
            value={body}
            onChange={({ target }) => setBody(target.value)}
          />
          {refusal !== null && <p role="alert">{refusal}</p>}
          {error && <Failure error={error} />}
          <button type="submit" disabled={fetching || body.trim() === ''}>
            {text.contact.addNote}
          </button>
        </form>
      )}
      {notes.length === 0 && <Empty>{text.contact.emptyNotes}</Empty>}
      <ul className="plain-list">
        {notes.map((note) => (
          <li key={note.id} className="entry">
            <p className="multiline">{note.body}</p>
            <p className="soft">
              {note.pinned && 'Pinned · '}
              {note.author} · <Time at={note.createdAt} />
            </p>
          </li>
        ))}
      </ul>
    </div>
  )
}
