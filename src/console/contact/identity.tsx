import { Facts } from '../shared/facts.tsx'
import type { ContactQuery } from '../generated/operations.ts'
import { words } from '../shared/format.ts'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'
import { Merges } from './merges.tsx'

type Contact = NonNullable<ContactQuery['contact']>

const dots = {
  OPTED_IN: ['in', 'opted in'],
  OPTED_OUT: ['out', 'opted out'],
  PENDING: ['unknown', 'waiting for confirmation'],
  UNKNOWN: ['unknown', 'consent unknown'],
} as const

interface IdentityProps {
  readonly contact: Contact
  readonly canMerge: boolean
  readonly onChanged: () => void
}

/** Addresses with their consent and reachability, facts, attributes and tags. */
export function Identity({ contact, canMerge, onChanged }: IdentityProps) {
  const stateOf = (channel: string) => contact.preferences.find((preference) => preference.channel === channel)?.state ?? 'UNKNOWN'
  const { facts: names } = text.identity
  const facts = [
    [names.company, contact.company],
    [names.country, contact.countryCode],
    [names.language, contact.language],
    [names.timezone, contact.timezone],
    [names.source, contact.source.toLowerCase()],
    ...contact.externalIds.map(({ system, value }) => [system, value] as const),
  ] as const
  const attributes = Object.entries(contact.customAttributes)
  return (
    <section className="panel" aria-labelledby="identity-heading">
      <h2 id="identity-heading">{text.contact.identity}</h2>
      {contact.phoneNumbers.map((phone) => (
        <Address
          key={phone.value + (phone.extension ?? '')}
          state={stateOf('SMS')}
          channel="SMS"
          address={phone}
          shown={phone.isPrimary && contact.phoneFormatted !== null ? contact.phoneFormatted : phone.value}
        />
      ))}
      {contact.emailAddresses.map((email) => (
        <Address key={email.value} state={stateOf('EMAIL')} channel="email" address={email} shown={email.value} />
      ))}
      <dl className="facts">
        <Facts facts={facts} />
        <div>
          <dt>{names.created}</dt>
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
      <Merges merges={contact.mergedFrom} canMerge={canMerge} onChanged={onChanged} />
    </section>
  )
}

interface AddressProps {
  /** The consent at the primary address; further addresses have none of their own here. */
  readonly state: keyof typeof dots
  readonly channel: string
  readonly shown: string
  readonly address: Contact['phoneNumbers'][number] | Contact['emailAddresses'][number]
}

function Address({ state, channel, shown, address }: AddressProps) {
  const [name, meaning] = dots[address.isPrimary ? state : 'UNKNOWN']
  const notes = [
    address.label,
    address.isPrimary ? null : text.identity.further,
    address.unreachableSince === null
      ? null
      : `${text.identity.unreachable}${address.unreachableReason === null ? '' : `: ${words(address.unreachableReason).toLowerCase()}`}`,
  ].filter((note) => note !== null)
  return (
    <p className="address">
      <span className={`dot ${name}`} role="img" aria-label={`${channel}: ${meaning}`} title={`${channel}: ${meaning}`} />
      <span className="break number">
        {shown}
        {notes.length > 0 && <span className={address.unreachableSince === null ? 'soft' : 'warning'}> {notes.join(', ')}</span>}
      </span>
    </p>
  )
}
