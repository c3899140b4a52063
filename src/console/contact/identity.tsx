import { Facts } from '../shared/facts.tsx'
import { attributeText, fits } from '../attributes/values.ts'
import type { ContactQuery, DefinitionFragment } from '../generated/operations.ts'
import { channelName, words } from '../shared/format.ts'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'
import { Merges } from './merges.tsx'

type Contact = NonNullable<ContactQuery['contact']>

const dots = { OPTED_IN: 'in', OPTED_OUT: 'out', PENDING: 'unknown', UNKNOWN: 'unknown' } as const

interface IdentityProps {
  readonly contact: Contact
  readonly definitions: readonly DefinitionFragment[]
  readonly canMerge: boolean
  readonly onChanged: () => void
}

/** Addresses with their consent and reachability, facts, attributes and tags. */
export function Identity({ contact, definitions, canMerge, onChanged }: IdentityProps) {
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
        <Address key={email.value} state={stateOf('EMAIL')} channel="EMAIL" address={email} shown={email.value} />
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
        {attributes.map(([key, value]) => (
          <Attribute
            key={key}
            name={key}
            value={value}
            definition={definitions.find((definition) => definition.key === key && !definition.archived)}
            zone={contact.timezone}
          />
        ))}
      </dl>
      <Merges merges={contact.mergedFrom} canMerge={canMerge} onChanged={onChanged} />
    </section>
  )
}

interface AttributeProps {
  readonly name: string
  readonly value: unknown
  readonly definition: DefinitionFragment | undefined
  readonly zone: string | null
}

/** An attribute under the label of its definition, if it has one. */
function Attribute({ name, value, definition, zone }: AttributeProps) {
  const isFitting = definition === undefined || fits(value, definition)
  const shown = attributeText(value, definition, zone)
  return (
    <div>
      <dt title={name}>{definition?.label ?? name}</dt>
      <dd className="break">
        {definition?.type === 'URL' && isFitting ? (
          <a href={shown} rel="noreferrer" target="_blank">
            {shown}
          </a>
        ) : (
          shown
        )}
        {!isFitting && <span className="warning"> {text.attributes.doesNotFit}</span>}
      </dd>
    </div>
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
  const known = address.isPrimary ? state : 'UNKNOWN'
  const label = `${channelName(channel)}: ${text.identity.consent[known]}`
  const notes = [
    address.label,
    address.isPrimary ? null : text.identity.further,
    address.unreachableSince === null
      ? null
      : `${text.identity.unreachable}${address.unreachableReason === null ? '' : `: ${words(address.unreachableReason).toLowerCase()}`}`,
  ].filter((note) => note !== null)
  return (
    <p className="address">
      <span className={`dot ${dots[known]}`} role="img" aria-label={label} title={label} />
      <span className="break number">
        {shown}
        {notes.length > 0 && <span className={address.unreachableSince === null ? 'soft' : 'warning'}> {notes.join(', ')}</span>}
      </span>
    </p>
  )
}
