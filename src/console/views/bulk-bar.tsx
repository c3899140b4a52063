import { useState } from 'react'
import { useMutation } from 'urql'
import { BulkActionDocument, type BulkContactActionInput, type LifecycleStage } from '../generated/operations.ts'
import { Dialog } from '../shared/dialog.tsx'
import { words } from '../shared/format.ts'
import { Failure } from '../shared/states.tsx'
import { text } from '../shared/text.ts'

interface BulkBarProps {
  readonly ids: readonly string[]
  readonly scopes: readonly string[]
  readonly stages: readonly LifecycleStage[]
  readonly onDone: () => void
}

interface Pending {
  readonly label: string
  readonly input: BulkContactActionInput
}

/** What can be done with the selected contacts: the count is shown before, the outcome after. */
export function BulkBar({ ids, scopes, stages, onDone }: BulkBarProps) {
  const [pending, setPending] = useState<Pending | null>(null)
  const [outcome, setOutcome] = useState<string | null>(null)
  const [{ error, fetching }, run] = useMutation(BulkActionDocument)
  const { actions } = text.contacts
  const contactIds = [...ids]
  const execute = async (): Promise<void> => {
    if (pending === null) return
    const { data } = await run({ input: pending.input })
    const result = data?.bulkContactAction
    if (result === null || result === undefined) return
    if ('message' in result) return setOutcome(result.message ?? null)
    if ('changed' in result) setOutcome(text.contacts.outcome(result.changed, result.unchanged, result.failed.length))
  }
  const close = (): void => {
    setPending(null)
    if (outcome !== null) onDone()
    setOutcome(null)
  }
  if (!scopes.includes('contacts:write')) return null
  return (
    <div className="bulk-bar" role="toolbar" aria-label={text.contacts.selected(ids.length)}>
      <strong>{text.contacts.selected(ids.length)}</strong>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const tag = new FormData(event.currentTarget).get('tag')
          if (typeof tag !== 'string' || tag.trim() === '') return
          setPending({ label: `Tag "${tag.trim()}" on`, input: { action: 'ADD_TAGS', contactIds, params: { tags: [tag.trim()] } } })
        }}
      >
        <input name="tag" className="chip-input" aria-label={actions.tag} placeholder={actions.tag} />
      </form>
      <select
        aria-label={actions.stage}
        value=""
        onChange={({ target }) =>
          setPending({
            label: `Set stage ${words(target.value)} on`,
            input: { action: 'SET_LIFECYCLE_STAGE', contactIds, params: { lifecycleStage: target.value } },
          })
        }
      >
        <option value="">{actions.stage}</option>
        {stages.map((stage) => (
          <option key={stage} value={stage}>
            {words(stage)}
          </option>
        ))}
      </select>
      <button type="button" onClick={() => setPending({ label: actions.block, input: { action: 'BLOCK', contactIds } })}>
        {actions.block}
      </button>
      <button
        type="button"
        className="danger"
        onClick={() => setPending({ label: actions.delete, input: { action: 'DELETE', contactIds } })}
      >
        {actions.delete}
      </button>
      <button type="button" className="plain" onClick={onDone}>
        {actions.clear}
      </button>
      <Dialog title={pending === null ? '' : text.contacts.confirm(pending.label, ids.length)} isOpen={pending !== null} onClose={close}>
        {error && <Failure error={error} />}
        {outcome === null ? (
          <button type="button" className="primary" disabled={fetching} onClick={() => void execute()}>
            {pending?.label}
          </button>
        ) : (
          <p role="status">{outcome}</p>
        )}
      </Dialog>
    </div>
  )
}
