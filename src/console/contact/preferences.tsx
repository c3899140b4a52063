import { useState } from 'react'
import type { Channel, ContactQuery } from '../generated/operations.ts'
import { Dialog } from '../shared/dialog.tsx'
import { channelName, words } from '../shared/format.ts'
import { Empty } from '../shared/states.tsx'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'

type Contact = NonNullable<ContactQuery['contact']>

const marks = { OPTED_IN: '✓', OPTED_OUT: '✕', PENDING: '…', UNKNOWN: '–' } as const

/** The consent of each channel; a row opens its ledger with proofs. */
export function Preferences({ contact }: { readonly contact: Contact }) {
  const [open, setOpen] = useState<Channel | null>(null)
  const records = contact.consentRecords.nodes.filter(({ channel }) => channel === open)
  return (
    <section className="panel" aria-labelledby="preferences-heading">
      <h2 id="preferences-heading">{text.contact.preferences}</h2>
      <ul className="plain-list">
        {contact.preferences.map(({ channel, state, recordedAt }) => (
          <li key={channel}>
            <button type="button" className="plain line" onClick={() => setOpen(channel)}>
              <span className={`mark ${state.toLowerCase()}`} aria-hidden="true">
                {marks[state]}
              </span>
              {channelName(channel)}
              <span className="spacer" />
              <span className="soft">
                {words(state)}
                {recordedAt !== null && (
                  <>
                    {' · '}
                    <Time at={recordedAt} zone={contact.timezone} />
                  </>
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <Dialog title={open === null ? '' : text.contact.ledger(channelName(open))} isOpen={open !== null} onClose={() => setOpen(null)}>
        {records.length === 0 && <Empty>{text.contact.emptyLedger}</Empty>}
        <ol className="ledger">
          {records.map((record) => (
            <li key={record.id}>
              <strong>{words(record.state)}</strong> <Time at={record.recordedAt} zone={contact.timezone} />
              <div className="soft">
                Source {record.source}, recorded by {record.recordedBy}
                {record.lawfulBasis !== null && `, basis ${words(record.lawfulBasis).toLowerCase()}`}
                {record.purpose !== null && `, purpose ${record.purpose}`}
                {record.textVersion !== null && `, wording ${record.textVersion}`}
                {record.proofUrl !== null && (
                  <>
                    {', '}
                    <a href={record.proofUrl} rel="noreferrer">
                      proof
                    </a>
                  </>
                )}
              </div>
            </li>
          ))}
        </ol>
      </Dialog>
    </section>
  )
}
