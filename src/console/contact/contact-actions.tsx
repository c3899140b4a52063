import { type FormEvent, useState } from 'react'
import { useLocation } from 'wouter'
import { BlockContactDocument, UnblockContactDocument } from '../generated/documents/Mutations.ts'
import type { ContactQuery, DefinitionFragment } from '../generated/operations.ts'
import { download } from '../shared/download.ts'
import { ActionError, useAction } from '../shared/action.tsx'
import { Dialog } from '../shared/dialog.tsx'
import { typed } from '../shared/form.ts'
import { text } from '../shared/text.ts'
import { lastList } from '../contacts/list-state.ts'
import { Menu } from '../shared/menu.tsx'
import { Refusal } from '../shared/states.tsx'
import { DeleteDialog } from './delete.tsx'
import { EditDialog } from './edit.tsx'
import { EraseDialog } from './erase.tsx'
import { MergeDialog } from './merge.tsx'

type Contact = NonNullable<ContactQuery['contact']>

interface ContactActionsProps {
  readonly contact: Contact
  readonly definitions: readonly DefinitionFragment[]
  readonly scopes: readonly string[]
  readonly credential: string
  readonly onNote: () => void
  readonly onChanged: () => void
}

/** What can be done with a contact, as far as the scopes permit it. */
export function ContactActions({ contact, definitions, scopes, credential, onNote, onChanged }: ContactActionsProps) {
  const [open, setOpen] = useState<'edit' | 'block' | 'merge' | 'delete' | 'erase' | null>(null)
  const unblock = useAction(UnblockContactDocument)
  const [refusal, setRefusal] = useState<string | null>(null)
  const [, navigate] = useLocation()
  const canWrite = scopes.includes('contacts:write')
  const lift = async (): Promise<void> => {
    if ((await unblock.run({ input: { contactId: contact.id } })) !== null) onChanged()
  }
  const saveSubjectData = async (): Promise<void> =>
    setRefusal(await download(`/api/v1/contacts/${contact.id}/subject-data.json`, `${contact.id}-subject-data.json`, credential))
  return (
    <div className="actions">
      {canWrite && (
        <button type="button" onClick={() => setOpen('edit')}>
          {text.edit.edit}
        </button>
      )}
      {canWrite && (
        <button type="button" onClick={onNote}>
          {text.contact.note}
        </button>
      )}
      {canWrite &&
        (contact.isBlocked ? (
          <button type="button" disabled={unblock.isBusy} onClick={() => void lift()}>
            {text.contact.unblock}
          </button>
        ) : (
          <button type="button" onClick={() => setOpen('block')}>
            {text.contact.block}
          </button>
        ))}
      <Menu label={text.nav.more} sign="⋯">
        {scopes.includes('contacts:merge') && (
          <button type="button" onClick={() => setOpen('merge')}>
            {text.merge.open}
            {contact.duplicates.length > 0 && <span className="count-badge">{contact.duplicates.length}</span>}
          </button>
        )}
        <button type="button" onClick={() => void saveSubjectData()}>
          {text.contact.subjectData}
        </button>
        {canWrite && (
          <button type="button" className="danger" onClick={() => setOpen('delete')}>
            {text.edit.delete.open}
          </button>
        )}
        {scopes.includes('contacts:erase') && (
          <button type="button" className="danger" onClick={() => setOpen('erase')}>
            {text.erase.open}
          </button>
        )}
      </Menu>
      <ActionError action={unblock} />
      {refusal !== null && <Refusal message={refusal} />}
      <EditDialog
        contact={contact}
        definitions={definitions}
        isOpen={open === 'edit'}
        onClose={() => setOpen(null)}
        onChanged={onChanged}
      />
      <BlockDialog contact={contact} isOpen={open === 'block'} onClose={() => setOpen(null)} onChanged={onChanged} />
      <MergeDialog
        into={contact}
        duplicates={contact.duplicates}
        isOpen={open === 'merge'}
        onClose={() => setOpen(null)}
        onChanged={onChanged}
      />
      <DeleteDialog
        id={contact.id}
        name={contact.displayName}
        isOpen={open === 'delete'}
        onClose={() => setOpen(null)}
        onLeave={() => navigate(lastList())}
      />
      <EraseDialog
        id={contact.id}
        name={contact.displayName}
        isOpen={open === 'erase'}
        onClose={() => setOpen(null)}
        onErased={() => navigate('/')}
      />
    </div>
  )
}

interface BlockDialogProps {
  readonly contact: Contact
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onChanged: () => void
}

function BlockDialog({ contact, isOpen, onClose, onChanged }: BlockDialogProps) {
  const block = useAction(BlockContactDocument)
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const reason = typed(new FormData(event.currentTarget), 'reason')
    const input = { contactId: contact.id, ...(reason !== '' && { reason }) }
    if ((await block.run({ input })) === null) return
    onChanged()
    onClose()
  }
  return (
    <Dialog title={text.block.heading(contact.displayName)} isOpen={isOpen} onClose={onClose}>
      <p>{text.block.meaning}</p>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <label>
          <span>{text.block.reason}</span>
          <input name="reason" maxLength={500} />
        </label>
        <ActionError action={block} />
        <button type="submit" className="danger" disabled={block.isBusy}>
          {text.contact.block}
        </button>
      </form>
    </Dialog>
  )
}
