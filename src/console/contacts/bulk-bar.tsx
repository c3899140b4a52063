import { useState } from 'react'
import { Options } from '../shared/options.tsx'
import { BulkActionDocument } from '../generated/documents/BulkAction.ts'
import type { BulkContactAction } from '../generated/operations.ts'
import { ActionError, useAction } from '../shared/action.tsx'
import { Dialog } from '../shared/dialog.tsx'
import { words } from '../shared/format.ts'
import { stages } from '../shared/stages.ts'
import { Refusal } from '../shared/states.tsx'
import { text } from '../shared/text.ts'
import { exportContacts } from './export.ts'
import type { Selection } from './selection.ts'

interface BulkBarProps {
  readonly selection: Selection
  readonly scopes: readonly string[]
  readonly credential: string
  readonly onDone: () => void
}

interface Pending {
  readonly label: string
  readonly action: BulkContactAction
  readonly params?: Readonly<Record<string, unknown>>
}

interface Outcome {
  readonly changed: number
  readonly unchanged: number
  readonly failed: readonly { readonly contactId: string; readonly message: string }[]
}

/** What can be done with the selected contacts: the count is shown before, the outcome after. */
export function BulkBar({ selection, scopes, credential, onDone }: BulkBarProps) {
  const [pending, setPending] = useState<Pending | null>(null)
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const bulk = useAction(BulkActionDocument)
  const { actions } = text.contacts
  const count = 'ids' in selection ? selection.ids.length : selection.count
  const execute = async (): Promise<void> => {
    if (pending === null) return
    const { action, params } = pending
    const whom = 'ids' in selection ? { contactIds: [...selection.ids] } : { filter: selection.filter, all: true }
    const data = await bulk.run({ input: { action, ...whom, ...(params && { params }) } })
    const result = data?.bulkContactAction
    if (result && 'changed' in result) setOutcome(result)
  }
  const close = (): void => {
    setPending(null)
    bulk.reset()
    if (outcome !== null) onDone()
    setOutcome(null)
  }
  const canWrite = scopes.includes('contacts:write')
  return (
    <div className="bulk-bar" role="toolbar" aria-label={text.contacts.selected(count)}>
      <strong>{text.contacts.selected(count)}</strong>
      {canWrite && (
        <>
          <TagForm
            label={actions.tag}
            onTag={(tag) => setPending({ label: actions.addTag(tag), action: 'ADD_TAGS', params: { tags: [tag] } })}
          />
          <TagForm
            label={actions.untag}
            onTag={(tag) => setPending({ label: actions.removeTag(tag), action: 'REMOVE_TAGS', params: { tags: [tag] } })}
          />
          <select
            aria-label={actions.stage}
            value=""
            onChange={({ target }) =>
              setPending({
                label: actions.setStage(words(target.value)),
                action: 'SET_LIFECYCLE_STAGE',
                params: { lifecycleStage: target.value },
              })
            }
          >
            <option value="">{actions.stage}</option>
            <Options names={stages} label={words} />
          </select>
          <button type="button" onClick={() => setPending({ label: actions.block, action: 'BLOCK' })}>
            {actions.block}
          </button>
          <button type="button" onClick={() => setPending({ label: actions.unblock, action: 'UNBLOCK' })}>
            {actions.unblock}
          </button>
          <button type="button" className="danger" onClick={() => setPending({ label: actions.delete, action: 'DELETE' })}>
            {actions.delete}
          </button>
        </>
      )}
      <button type="button" onClick={() => void exportContacts(selection, credential).then(setRefusal)}>
        {actions.export}
      </button>
      <button type="button" className="plain" onClick={onDone}>
        {actions.clear}
      </button>
      {refusal !== null && <Refusal message={refusal} />}
      <Dialog title={pending === null ? '' : text.contacts.confirm(pending.label, count)} isOpen={pending !== null} onClose={close}>
        <ActionError action={bulk} />
        {outcome === null ? (
          <p className="actions end">
            <button type="button" onClick={close}>
              {actions.cancel}
            </button>
            <button
              type="button"
              className={pending?.action === 'DELETE' ? 'danger' : 'primary'}
              disabled={bulk.isBusy}
              onClick={() => void execute()}
            >
              {pending?.label}
            </button>
          </p>
        ) : (
          <>
            <p role="status">{text.contacts.outcome(outcome.changed, outcome.unchanged, outcome.failed.length)}</p>
            <ul className="plain-list">
              {outcome.failed.slice(0, 20).map(({ contactId, message }) => (
                <li key={contactId} className="warning">
                  {message}
                </li>
              ))}
            </ul>
          </>
        )}
      </Dialog>
    </div>
  )
}

function TagForm({ label, onTag }: { readonly label: string; readonly onTag: (tag: string) => void }) {
  const [tag, setTag] = useState('')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (tag.trim() !== '') onTag(tag.trim())
      }}
    >
      <input className="chip-input" aria-label={label} placeholder={label} value={tag} onChange={({ target }) => setTag(target.value)} />
    </form>
  )
}
