import { type RefObject, useState } from 'react'
import { useQuery } from 'urql'
import { Link } from 'wouter'
import { SendDecisionDocument } from '../generated/documents/SendDecision.ts'
import type { Channel, ContactQuery, MessageCategory, SendRefusalCode } from '../generated/operations.ts'
import { Options } from '../shared/options.tsx'
import { categories, channels } from '../shared/channels.ts'
import { absoluteTime, channelName, clockIn, relativeTime, words } from '../shared/format.ts'
import { Segments } from '../shared/segments.tsx'
import { Failure, Skeleton } from '../shared/states.tsx'
import { text } from '../shared/text.ts'

type Contact = NonNullable<ContactQuery['contact']>

interface MayWeProps {
  readonly contact: Contact
  readonly sectionRef: RefObject<HTMLElement | null>
  /** Opens the consent ledger of a channel. */
  readonly onLedger: (channel: Channel, topicId: string | null) => void
}

const usual = channels.slice(0, 5)

/** Reasons that the consent ledger explains. */
const byConsent: ReadonlySet<SendRefusalCode> = new Set(['OPTED_OUT', 'NO_CONSENT', 'NOT_SUBSCRIBED', 'UNCONFIRMED', 'CONSENT_EXPIRED'])

/** The send decision for a channel, a category, a topic and a time: one word, the next allowed time, and every reason. */
export function MayWe({ contact, sectionRef, onLedger }: MayWeProps) {
  const [channel, setChannel] = useState<Channel>(contact.email === null ? 'SMS' : 'EMAIL')
  const [category, setCategory] = useState<MessageCategory>('MARKETING')
  const [topic, setTopic] = useState('')
  const [at, setAt] = useState('')
  const time = at === '' ? null : new Date(at).toISOString()
  const variables = { id: contact.id, channel, category, topic: topic === '' ? null : topic, at: time }
  const [{ data, error, fetching }, retry] = useQuery({ query: SendDecisionDocument, variables })
  const decision = data?.sendDecision
  const topics = contact.topics.filter((item) => item.topic.channels.length === 0 || item.topic.channels.includes(channel))
  const chosen = contact.topics.find((item) => item.topic.id === topic)?.topic
  const choose = (next: Channel): void => {
    setChannel(next)
    if (chosen && chosen.channels.length > 0 && !chosen.channels.includes(next)) setTopic('')
  }
  return (
    <section className="panel" aria-labelledby="may-we-heading" ref={sectionRef}>
      <h2 id="may-we-heading">{text.contact.mayWe}</h2>
      <Segments label={text.fields.channel} options={usual} value={channel} name={channelName} onChange={choose} />
      <Segments label={text.fields.category} options={categories} value={category} name={words} onChange={setCategory} />
      <div className="fields">
        <label>
          <span>{text.fields.otherChannel}</span>
          <select
            value={usual.includes(channel) ? '' : channel}
            onChange={({ target }) => choose(channels.find((name) => name === target.value) ?? 'EMAIL')}
          >
            <option value="">–</option>
            <Options names={channels.slice(usual.length)} label={channelName} />
          </select>
        </label>
        <label>
          <span>{text.fields.topic}</span>
          <select value={topic} onChange={({ target }) => setTopic(target.value)} disabled={topics.length === 0}>
            <option value="">{text.mayWe.noTopic}</option>
            {topics.map((item) => (
              <option key={item.topic.id} value={item.topic.id}>
                {item.topic.name}
              </option>
            ))}
          </select>
        </label>
        <label className="wide">
          <span>{text.fields.time}</span>
          <input type="datetime-local" value={at} onChange={({ target }) => setAt(target.value)} />
        </label>
        {at !== '' && (
          <button type="button" className="link" onClick={() => setAt('')}>
            {text.mayWe.now}
          </button>
        )}
      </div>
      <p className="soft">
        {time === null ? text.mayWe.atNow(contact.timezone && clockIn(contact.timezone)) : absoluteTime(time, contact.timezone)}
      </p>
      {error && <Failure error={error} retry={() => retry()} />}
      {!decision && fetching && <Skeleton lines={2} />}
      {decision && (
        <div aria-live="polite" className={fetching ? 'stale' : ''}>
          <p className={`answer ${decision.allowed ? 'yes' : 'no'}`}>
            {decision.allowed ? text.mayWe.yes : text.mayWe.no}
            {!decision.allowed && (
              <span className="soft">
                {decision.nextAllowedAt === null
                  ? text.mayWe.never
                  : text.mayWe.from(absoluteTime(decision.nextAllowedAt, contact.timezone))}
              </span>
            )}
          </p>
          <ul className="refusals">
            {decision.reasons.map(({ code, message, until, rule }) => (
              <li key={code + message}>
                <p>{message}</p>
                <p className="soft">
                  <code>{code}</code>
                  {until !== null && ` · ${text.mayWe.until} ${relativeTime(until)}`}
                  {rule && (
                    <>
                      {' · '}
                      <Link href="/organization/caps">{rule.name}</Link>
                    </>
                  )}
                  {code === 'QUIET_HOURS' && (
                    <>
                      {' · '}
                      <Link href="/organization/settings">{text.organization.quietHoursHeading}</Link>
                    </>
                  )}
                  {byConsent.has(code) && (
                    <>
                      {' · '}
                      <button type="button" className="link" onClick={() => onLedger(channel, topic === '' ? null : topic)}>
                        {text.mayWe.ledger}
                      </button>
                    </>
                  )}
                </p>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  )
}
