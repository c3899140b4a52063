import { type RefObject, useState } from 'react'
import { useQuery } from 'urql'
import { type Channel, type MessageCategory, SendDecisionDocument } from '../generated/operations.ts'
import { absoluteTime, channelName, words } from '../shared/format.ts'
import { Failure, Skeleton } from '../shared/states.tsx'
import { text } from '../shared/text.ts'

const channels: readonly Channel[] = ['EMAIL', 'SMS', 'WHATSAPP', 'VOICE', 'PUSH']
const categories: readonly MessageCategory[] = ['MARKETING', 'SERVICE', 'TRANSACTIONAL']

/** The send decision for a channel, a category and a time: one word, the next allowed time, and every reason. */
export function MayWe({ id, sectionRef }: { readonly id: string; readonly sectionRef: RefObject<HTMLElement | null> }) {
  const [channel, setChannel] = useState<Channel>('EMAIL')
  const [category, setCategory] = useState<MessageCategory>('MARKETING')
  const [at, setAt] = useState('')
  const time = at === '' ? null : new Date(at).toISOString()
  const [{ data, error, fetching }, retry] = useQuery({ query: SendDecisionDocument, variables: { id, channel, category, at: time } })
  const decision = data?.sendDecision
  return (
    <section className="panel" aria-labelledby="may-we-heading" ref={sectionRef}>
      <h2 id="may-we-heading">{text.contact.mayWe}</h2>
      <Segments label="Channel" options={channels} value={channel} name={channelName} onChange={setChannel} />
      <Segments label="Category" options={categories} value={category} name={words} onChange={setCategory} />
      <label className="soft">
        At <input type="datetime-local" value={at} onChange={({ target }) => setAt(target.value)} />
      </label>
      {error && <Failure error={error} retry={() => retry()} />}
      {!decision && fetching && <Skeleton lines={2} />}
      {decision && (
        <div aria-live="polite">
          <p className={`answer ${decision.allowed ? 'yes' : 'no'}`}>
            {decision.allowed ? 'Yes' : 'No'}
            {!decision.allowed && decision.nextAllowedAt !== null && (
              <span className="soft"> · from {absoluteTime(decision.nextAllowedAt, null)}</span>
            )}
          </p>
          <ul className="refusals">
            {decision.reasons.map(({ code, message, until }) => (
              <li key={code + message}>
                <code>{code}</code> {message}
                {until !== null && <span className="soft"> Until {absoluteTime(until, null)}.</span>}
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  )
}

interface SegmentsProps<Option extends string> {
  readonly label: string
  readonly options: readonly Option[]
  readonly value: Option
  readonly name: (option: Option) => string
  readonly onChange: (option: Option) => void
}

function Segments<Option extends string>({ label, options, value, name, onChange }: SegmentsProps<Option>) {
  return (
    <div className="segments" role="group" aria-label={label}>
      {options.map((option) => (
        <button key={option} type="button" aria-pressed={option === value} onClick={() => onChange(option)}>
          {name(option)}
        </button>
      ))}
    </div>
  )
}
