import type { Channel, Contact } from '../../data/generated/client.ts'
import { selectUsedChannels } from '../../data/sql/find-used-channels.ts'
import { selectSendSettings } from '../../data/sql/find-send-settings.ts'
import { NotFound } from '../../kernel/errors.ts'
import { phoneCountry } from '../../kernel/phone.ts'
import type { ReadContext } from '../context.ts'
import { capsByContact } from '../frequency-caps/queries.ts'
import { quietHoursOf } from '../organizations/quiet-hours.ts'
import { consentFactsByContact, consentOf } from '../consent/queries.ts'
import type { ConsentFacts } from '../consent/rules.ts'
import { scheduleFor, zonesOf } from './quiet-hours.ts'
import type { SendFacts } from './rules.ts'

/** Channels whose addresses are not a part of the contact. */
const withoutAddress: readonly Channel[] = ['instagram', 'line', 'messenger', 'push']

/**
 * Everything that decisions about these contacts depend on, at a time and at any later one, for commands that decide. The contacts must have
 * been read through a scope. Five statements, however many.
 */
export async function gatherSendFacts(context: ReadContext, contacts: readonly Contact[], at: Date): Promise<Map<string, SendFacts>> {
  const { organizationId } = context.actor
  const ids = contacts.map((contact) => contact.id)
  const [settings, consents, caps, met] = await Promise.all([
    selectSendSettings(context.db, organizationId),
    consentFactsByContact(context, contacts),
    capsByContact(context, contacts, at),
    selectUsedChannels(context.db, organizationId, ids, withoutAddress),
  ])
  if (settings === null) throw new NotFound('organization', organizationId)
  const { defaultCountry, marketingNeedsOptIn, whatsappServiceWindow } = settings
  const rules = settings.quietHoursRules.map(quietHoursOf)
  return new Map(
    contacts.map((contact) => [
      contact.id,
      {
        contact,
        consent: consentOf(consents.get(contact.id) ?? nothingKnown, at),
        consentFacts: consents.get(contact.id) ?? nothingKnown,
        met: new Set(met.filter(({ contactId }) => contactId === contact.id).map(({ channel }) => channel)),
        marketingNeedsOptIn,
        quietHours: settings.quietHours ? scheduleFor(rules, countryOf(contact)) : null,
        whatsappServiceWindow,
        zones: zonesOf(contact, defaultCountry),
        ...(caps.get(contact.id) ?? { rules: [], sent: [], received: [] }),
      },
    ]),
  )
}

const nothingKnown: ConsentFacts = { entries: [], addresses: [] }

/** The country whose quiet hours hold for a contact; null if none is known. */
function countryOf({ countryCode, phone }: Contact): string | null {
  return countryCode ?? (phone === null ? null : phoneCountry(phone))
}
