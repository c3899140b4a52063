import type { ContactQuery } from '../generated/operations.ts'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'

type Contact = NonNullable<ContactQuery['contact']>

const dots = {
  OPTED_IN: ['in', 'opted in'],
  OPTED_OUT: ['out', 'opted out'],
  PENDING: ['unknown', 'waiting for confirmation'],
  UNKNOWN: ['unknown', 'consent unknown'],
} as const

export function Identity({ contact }: { readonly contact: Contact }) {
  const stateOf = (channel: string) => contact.preferences.find((preference) => preference.channel === channel)?.state ?? 'UNKNOWN'
  const facts = [
    ['Company', contact.company],
    ['Country', contact.countryCode],
    ['Language', contact.language],
    ['Time zone', contact.timezone],
    ['Source', contact.source.toLowerCase()],
  ] as const
  const attributes = Object.entries(contact.customAttributes)
  return (
    <section className="panel" aria-labelledby="identity-heading">
      <h2 id="identity-heading">{text.contact.identity}</h2>
      {contact.phoneFormatted !== null && (
        <p className="address">
          <Dot state={stateOf('SMS')} channel="SMS" /> <span className="number">{contact.phoneFormatted}</span>
        </p>
      )}
      {contact.email !== null && (
        <p className="address break">
          <Dot state={stateOf('EMAIL')} channel="email" /> {contact.email}
        </p>
      )}
      <dl className="facts">
        {facts.map(
          ([name, value]) =>
            value !== null && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
        <div>
          <dt>Created</dt>
          <dd>
            <Time at={contact.createdAt} />
          </dd>
        </div>
      </dl>
      <p className="tags">
        {contact.tags.map((tag) => (
          <span key={tag} className="tag">
            {tag}
          </span>
        ))}
      </p>
      {attributes.length > 0 && <h3>{text.contact.attributes}</h3>}
      <dl className="facts">
        {attributes.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="break">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Dot({ state, channel }: { readonly state: keyof typeof dots; readonly channel: string }) {
  const [name, meaning] = dots[state]
  return <span className={`dot ${name}`} role="img" aria-label={`${channel}: ${meaning}`} title={`${channel}: ${meaning}`} />
}
