import { type FormEvent, useEffect, useRef, useState } from 'react'
import { DeleteNoteDocument, UpdateNoteDocument } from '../generated/documents/ContactChanges.ts'
import { CreateNoteDocument } from '../generated/documents/Mutations.ts'
import type { NoteItemFragment } from '../generated/operations.ts'
import { ActionError, useAction } from '../shared/action.tsx'
import { Empty } from '../shared/states.tsx'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'

interface NotesProps {
  readonly id: string
  readonly notes: readonly NoteItemFragment[]
  readonly canWrite: boolean
  /** Set, to another object each time, when a new note is to be written. */
  readonly writing: object | null
  readonly onChanged: () => void
}

export function Notes({ id, notes, canWrite, writing, onChanged }: NotesProps) {
  const [body, setBody] = useState('')
  const box = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    if (writing !== null) box.current?.focus()
  }, [writing])
  const create = useAction(CreateNoteDocument)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if ((await create.run({ input: { contactId: id, body } })) === null) return
    setBody('')
    onChanged()
  }
  return (
    <div>
      {canWrite && (
        <form className="stack" onSubmit={(event) => void submit(event)}>
          <textarea
            ref={box}
            rows={3}
            aria-label={text.contact.noteLabel}
            placeholder={text.contact.noteLabel}
            value={body}
            onChange={({ target }) => setBody(target.value)}
          />
          <ActionError action={create} />
          <button type="submit" disabled={create.isBusy || body.trim() === ''}>
            {text.contact.addNote}
          </button>
        </form>
      )}
      {notes.length === 0 && <Empty>{text.contact.emptyNotes}</Empty>}
      <ul className="plain-list">
        {notes.map((note) => (
          <NoteItem key={note.id} note={note} canWrite={canWrite} onChanged={onChanged} />
        ))}
      </ul>
    </div>
  )
}

interface NoteItemProps {
  readonly note: NoteItemFragment
  readonly canWrite: boolean
  readonly onChanged: () => void
}

/** A note, which can be edited, pinned and deleted. */
function NoteItem({ note, canWrite, onChanged }: NoteItemProps) {
  const [draft, setDraft] = useState<string | null>(null)
  const update = useAction(UpdateNoteDocument)
  const remove = useAction(DeleteNoteDocument)
  const names = text.edit.note
  const isBusy = update.isBusy || remove.isBusy
  const save = async (changes: { readonly body: string } | { readonly pinned: boolean }): Promise<void> => {
    if ((await update.run({ input: { id: note.id, ...changes } })) === null) return
    setDraft(null)
    onChanged()
  }
  return (
    <li className="entry">
      {draft === null ? (
        <p className="multiline">{note.body}</p>
      ) : (
        <textarea rows={3} aria-label={names.body} value={draft} onChange={({ target }) => setDraft(target.value)} />
      )}
      <ActionError action={update} />
      <ActionError action={remove} />
      <p className="line soft">
        {note.pinned && <span className="badge">{names.pinned}</span>}
        <span>
          {note.author} · <Time at={note.createdAt} />
        </span>
        <span className="spacer" />
        {canWrite && draft === null && (
          <>
            <button type="button" className="link" onClick={() => setDraft(note.body)}>
              {names.edit}
            </button>
            <button type="button" className="link" disabled={isBusy} onClick={() => void save({ pinned: !note.pinned })}>
              {note.pinned ? names.unpin : names.pin}
            </button>
            <button
              type="button"
              className="link"
              disabled={isBusy}
              onClick={() => void remove.run({ input: { id: note.id } }).then((data) => data && onChanged())}
            >
              {names.delete}
            </button>
          </>
        )}
        {draft !== null && (
          <>
            <button type="button" disabled={isBusy || draft.trim() === ''} onClick={() => void save({ body: draft })}>
              {names.save}
            </button>
            <button type="button" className="plain" onClick={() => setDraft(null)}>
              {names.cancel}
            </button>
          </>
        )}
      </p>
    </li>
  )
}
