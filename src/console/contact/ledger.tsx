import { type FormEvent, useState } from 'react'
import { Facts } from '../shared/facts.tsx'
import { SetPreferencesDocument } from '../generated/documents/Mutations.ts'
import type { ConsentState, ContactQuery } from '../generated/operations.ts'
import { ActionError, useAction } from '../shared/action.tsx'
import { Dialog } from '../shared/dialog.tsx'
import { channelName, words } from '../shared/format.ts'
import { typed } from '../shared/form.ts'
import { Empty } from '../shared/states.tsx'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'
import type { Cell } from './preferences.tsx'

type Contact = NonNullable<ContactQuery['contact']>
type Entry = Contact['consentRecords']['nodes'][number]

interface LedgerProps {
  readonly contact: Contact
  readonly cell: Cell | null
  readonly canWrite: boolean
  readonly onClose: () => void
  readonly onChanged: () => void
}

/** What is on record about a channel or a topic of it, the latest first: who, when, where from, the proof, and what held before. */
export function Ledger({ contact, cell, canWrite, onClose, onChanged }: LedgerProps) {
  const topic = contact.topics.find((item) => item.topic.id === cell?.topicId)?.topic
  const records = contact.consentRecords.nodes.filter(({ channel, topicId }) => channel === cell?.channel && topicId === cell.topicId)
  const title = cell === null ? '' : text.contact.ledger(channelName(cell.channel), topic?.name ?? null)
  return (
    <Dialog title={title} isOpen={cell !== null} onClose={onClose}>
      {records.length === 0 && <Empty>{text.contact.emptyLedger}</Empty>}
      <ol className="ledger">
        {records.map((record, index) => (
          <LedgerEntry key={record.id} record={record} before={records[index + 1]?.state ?? 'UNKNOWN'} zone={contact.timezone} />
        ))}
      </ol>
      {canWrite && cell !== null && (
        <RecordConsent key={`${cell.channel} ${cell.topicId}`} contactId={contact.id} cell={cell} onChanged={onChanged} />
      )}
    </Dialog>
  )
}

function LedgerEntry({ record, before, zone }: { readonly record: Entry; readonly before: ConsentState; readonly zone: string | null }) {
  const facts = [
    [text.ledger.source, record.source],
    [text.ledger.by, record.recordedBy],
    [text.ledger.basis, record.lawfulBasis === null ? null : words(record.lawfulBasis)],
    [text.ledger.purpose, record.purpose],
    [text.ledger.wording, record.textVersion],
    [text.ledger.origin, record.origin === 'REPORTED' ? null : words(record.origin)],
  ] as const
  return (
    <li>
      <p className="line">
        <strong>{words(record.state)}</strong>
        <span className="soft">{text.ledger.before(words(before).toLowerCase())}</span>
        <span className="spacer" />
        <Time at={record.recordedAt} zone={zone} />
      </p>
      <dl className="facts">
        <Facts facts={facts} />
        {record.proofUrl !== null && (
          <div>
            <dt>{text.ledger.proof}</dt>
            <dd className="break">
              <Proof url={record.proofUrl} />
            </dd>
          </div>
        )}
        {record.validUntil !== null && (
          <div>
            <dt>{text.ledger.validUntil}</dt>
            <dd>
              <Time at={record.validUntil} zone={zone} />
            </dd>
          </div>
        )}
      </dl>
    </li>
  )
}

/** A link only for addresses of the web, whatever was stored. */
function Proof({ url }: { readonly url: string }) {
  if (!/^https?:\/\//i.test(url)) return <>{url}</>
  return (
    <a href={url} rel="noreferrer" target="_blank">
      {url}
    </a>
  )
}

interface RecordConsentProps {
  readonly contactId: string
  readonly cell: Cell
  readonly onChanged: () => void
}

function RecordConsent({ contactId, cell, onChanged }: RecordConsentProps) {
  const [state, setState] = useState<'OPTED_OUT' | 'OPTED_IN'>('OPTED_OUT')
  const action = useAction(SetPreferencesDocument)
  const [failed, setFailed] = useState<string | null>(null)
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const [source, textVersion, proofUrl] = [typed(form, 'source'), typed(form, 'textVersion'), typed(form, 'proofUrl')]
    const change = {
      channel: cell.channel,
      state,
      ...(cell.topicId !== null && { topic: cell.topicId }),
      ...(source !== '' && { source }),
      ...(textVersion !== '' && { textVersion }),
      ...(proofUrl !== '' && { proofUrl }),
    }
    const data = await action.run({ input: { contactId, changes: [change] } })
    const result = data?.setPreferences
    if (!result || !('failed' in result)) return
    setFailed(result.failed[0]?.message ?? null)
    if (result.failed.length === 0) onChanged()
  }
  return (
    <details className="record">
      <summary>{text.ledger.record}</summary>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <label>
          <span>{text.ledger.state}</span>
          <select value={state} onChange={({ target }) => setState(target.value === 'OPTED_IN' ? 'OPTED_IN' : 'OPTED_OUT')}>
            <option value="OPTED_OUT">{words('OPTED_OUT')}</option>
            <option value="OPTED_IN">{words('OPTED_IN')}</option>
          </select>
        </label>
        <label>
          <span>{text.ledger.source}</span>
          <input name="source" placeholder="phone_call" maxLength={100} />
        </label>
        {state === 'OPTED_IN' && (
          <>
            <label>
              <span>{text.ledger.wording}</span>
              <input name="textVersion" maxLength={100} />
            </label>
            <label>
              <span>{text.ledger.proof}</span>
              <input name="proofUrl" type="url" placeholder="https://" />
            </label>
          </>
        )}
        <ActionError action={action} />
        {failed !== null && (
          <p className="failure" role="alert">
            {failed}
          </p>
        )}
        <button type="submit" className="primary" disabled={action.isBusy}>
          {text.ledger.save}
        </button>
      </form>
    </details>
  )
}
