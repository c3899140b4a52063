import { useState } from 'react'
import type { Channel, ConsentState, ContactQuery } from '../generated/operations.ts'
import { channelName, words } from '../shared/format.ts'
import { text } from '../shared/text.ts'

type Contact = NonNullable<ContactQuery['contact']>

export interface Cell {
  readonly channel: Channel
  /** Null: the whole channel. */
  readonly topicId: string | null
}

const marks: Readonly<Record<ConsentState, string>> = { OPTED_IN: '✓', OPTED_OUT: '✕', PENDING: '…', UNKNOWN: '–' }

/** The consent of each channel, and of each topic on it; a cell opens its ledger with proofs. */
export function Preferences({ contact, onOpen }: { readonly contact: Contact; readonly onOpen: (cell: Cell) => void }) {
  const [isWhole, setIsWhole] = useState(false)
  const recorded = new Set(contact.consentRecords.nodes.map(({ channel }) => channel))
  const isOfUse = (channel: Channel): boolean =>
    recorded.has(channel) ||
    (channel === 'EMAIL' ? contact.email !== null : ['SMS', 'WHATSAPP', 'VOICE'].includes(channel) && contact.phone !== null)
  const shown = contact.preferences.filter(({ channel, state }) => isWhole || state !== 'UNKNOWN' || isOfUse(channel))
  return (
    <section className="panel" aria-labelledby="preferences-heading">
      <h2 id="preferences-heading">{text.contact.preferences}</h2>
      <div className="scroll" tabIndex={0}>
        <table className="matrix">
          <thead>
            <tr>
              <th scope="col">{text.fields.channel}</th>
              <th scope="col">{text.preferences.wholeChannel}</th>
              {contact.topics.map(({ topic }) => (
                <th key={topic.id} scope="col" title={topic.key}>
                  {topic.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ channel, state }) => (
              <tr key={channel}>
                <th scope="row">{channelName(channel)}</th>
                <td>
                  <Mark state={state} label={channelName(channel)} onOpen={() => onOpen({ channel, topicId: null })} />
                </td>
                {contact.topics.map(({ topic, preferences }) => (
                  <td key={topic.id}>
                    {(topic.channels.length === 0 || topic.channels.includes(channel)) && (
                      <Mark
                        state={preferences.find((preference) => preference.channel === channel)?.state ?? 'UNKNOWN'}
                        label={`${channelName(channel)}, ${topic.name}`}
                        onOpen={() => onOpen({ channel, topicId: topic.id })}
                      />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <button type="button" className="link" onClick={() => setIsWhole(!isWhole)}>
        {isWhole ? text.preferences.fewer : text.preferences.all(contact.preferences.length)}
      </button>
    </section>
  )
}

function Mark({ state, label, onOpen }: { readonly state: ConsentState; readonly label: string; readonly onOpen: () => void }) {
  return (
    <button type="button" className="plain cell" onClick={onOpen} aria-label={`${label}: ${words(state)}`} title={words(state)}>
      <span className={`mark ${state.toLowerCase()}`} aria-hidden="true">
        {marks[state]}
      </span>
    </button>
  )
}
