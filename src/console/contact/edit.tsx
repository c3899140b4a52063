import { type FormEvent, useState } from 'react'
import { CreateContactDocument, UpdateContactDocument } from '../generated/documents/ContactChanges.ts'
import type { ContactQuery, DefinitionFragment } from '../generated/operations.ts'
import { ActionError, useAction } from '../shared/action.tsx'
import { Dialog } from '../shared/dialog.tsx'
import { words } from '../shared/format.ts'
import { Options } from '../shared/options.tsx'
import { stages } from '../shared/stages.ts'
import { TagInput } from '../shared/tag-input.tsx'
import { text } from '../shared/text.ts'
import { EditAttributes } from './edit-attributes.tsx'
import { changesBetween, type Draft, draftOf, emptyDraft, type TextField, textFields } from './edit-draft.ts'
import { Addresses, ExternalIds } from './edit-lists.tsx'

type Contact = NonNullable<ContactQuery['contact']>

interface EditProps {
  readonly contact: Contact
  readonly definitions: readonly DefinitionFragment[]
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onChanged: () => void
}

/** Changes a contact as it was read: if it has changed in the meantime, nothing is written, and the present values can be loaded. */
export function EditDialog({ contact, definitions, isOpen, onClose, onChanged }: EditProps) {
  const [version, setVersion] = useState(0)
  // The revision of a form that waits for the present values.
  const [stale, setStale] = useState<number | null>(null)
  if (stale !== null && contact.revision !== stale) {
    setStale(null)
    setVersion(version + 1)
  }
  return (
    <Dialog title={text.edit.heading(contact.displayName)} isOpen={isOpen} onClose={onClose} isWide>
      <EditForm
        key={version}
        contact={contact}
        definitions={definitions}
        onReload={(revision) => {
          onChanged()
          setStale(revision)
        }}
        onSaved={() => {
          onChanged()
          onClose()
        }}
      />
    </Dialog>
  )
}

interface EditFormProps {
  readonly contact: Contact
  readonly definitions: readonly DefinitionFragment[]
  readonly onReload: (revision: number) => void
  readonly onSaved: () => void
}

function EditForm({ contact, definitions, onReload, onSaved }: EditFormProps) {
  const [before] = useState(() => draftOf(contact))
  const [revision] = useState(contact.revision)
  const [draft, setDraft] = useState(before)
  const [said, setSaid] = useState('')
  const update = useAction(UpdateContactDocument)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const changes = changesBetween(before, draft)
    setSaid(Object.keys(changes).length === 0 ? text.edit.unchanged : '')
    if (Object.keys(changes).length === 0) return
    if ((await update.run({ input: { id: contact.id, ifRevision: revision, ...changes } })) !== null) onSaved()
  }
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <ContactFields draft={draft} definitions={definitions} onChange={setDraft} />
      <ActionError action={update} />
      {update.refused?.code === 'REVISION_CONFLICT' && (
        <button type="button" onClick={() => onReload(revision)}>
          {text.edit.reload}
        </button>
      )}
      <p className="actions end">
        <span role="status" className="soft">
          {said}
        </span>
        <button type="submit" className="primary" disabled={update.isBusy}>
          {text.edit.save}
        </button>
      </p>
    </form>
  )
}

interface NewContactProps {
  readonly definitions: readonly DefinitionFragment[]
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onCreated: (id: string) => void
}

export function NewContactDialog({ definitions, isOpen, onClose, onCreated }: NewContactProps) {
  return (
    <Dialog title={text.edit.new} isOpen={isOpen} onClose={onClose} isWide>
      <NewContactForm definitions={definitions} onCreated={onCreated} />
    </Dialog>
  )
}

function NewContactForm({ definitions, onCreated }: Pick<NewContactProps, 'definitions' | 'onCreated'>) {
  const [draft, setDraft] = useState(emptyDraft)
  const create = useAction(CreateContactDocument)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const data = await create.run({ input: changesBetween(emptyDraft, draft) })
    const result = data?.createContact
    if (result && 'contact' in result) onCreated(result.contact.id)
  }
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <ContactFields draft={draft} definitions={definitions} onChange={setDraft} />
      <ActionError action={create} />
      <p className="actions end">
        <button type="submit" className="primary" disabled={create.isBusy}>
          {text.edit.create}
        </button>
      </p>
    </form>
  )
}

interface ContactFieldsProps {
  readonly draft: Draft
  readonly definitions: readonly DefinitionFragment[]
  readonly onChange: (draft: Draft) => void
}

const placeholders: Readonly<Partial<Record<TextField, string>>> = text.edit.placeholders

function ContactFields({ draft, definitions, onChange }: ContactFieldsProps) {
  const names = text.edit.fields
  const field = (name: TextField) => (
    <label key={name}>
      <span>{names[name]}</span>
      <input value={draft[name]} placeholder={placeholders[name]} onChange={({ target }) => onChange({ ...draft, [name]: target.value })} />
    </label>
  )
  return (
    <>
      <div className="fields">
        {textFields.map(field)}
        <label>
          <span>{names.stage}</span>
          <select
            value={draft.lifecycleStage}
            onChange={({ target }) =>
              onChange({ ...draft, lifecycleStage: stages.find((stage) => stage === target.value) ?? draft.lifecycleStage })
            }
          >
            <Options names={stages} label={words} />
          </select>
        </label>
      </div>
      <Addresses kind="phone" addresses={draft.phones} onChange={(phones) => onChange({ ...draft, phones })} />
      <Addresses kind="email" addresses={draft.emails} onChange={(emails) => onChange({ ...draft, emails })} />
      <fieldset className="list">
        <legend>{text.edit.tags}</legend>
        <TagInput label={text.edit.tags} tags={draft.tags} onChange={(tags) => onChange({ ...draft, tags })} />
      </fieldset>
      <EditAttributes
        attributes={draft.attributes}
        definitions={definitions}
        onChange={(attributes) => onChange({ ...draft, attributes })}
      />
      <ExternalIds ids={draft.externalIds} onChange={(externalIds) => onChange({ ...draft, externalIds })} />
    </>
  )
}
