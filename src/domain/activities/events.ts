import type { Event, Prisma } from '../../data/generated/client.ts'
import { InvalidInput, MissingRequiredField } from '../../kernel/errors.ts'
import { type JsonLocation, parseJson, parseJsonKey } from '../../kernel/json.ts'
import { newId } from '../../kernel/ids.ts'
import { parseText } from '../../kernel/text.ts'
import { parseExternalId, parseInstant } from './rules.ts'
import type { ActivityInput, ActivityReport } from './report.ts'

const maxPropertiesBytes = 16 * 1024
const maxNameLength = 100
const location: JsonLocation = { field: 'properties', noun: 'property' }

export interface EventInput extends ActivityInput {
  /** What happened, such as `order_placed`. */
  readonly name: string
  readonly properties?: Readonly<Record<string, unknown>> | null | undefined
}

/** Parses the report of an event. The last report of one counts: an event has no status that could be old. @throws InvalidInput, MissingRequiredField */
export function parseEvent(input: EventInput, now: Date): ActivityReport<Event> {
  const name = parseText(input.name, 'name', { max: maxNameLength })
  if (name === null) {
    throw new MissingRequiredField('An event needs a name that says what happened.', {
      field: 'name',
      expected: `1 to ${maxNameLength} characters, such as order_placed`,
    })
  }
  const properties = input.properties ? parseProperties(input.properties) : null
  const reported = { externalId: parseExternalId(input.externalId), occurredAt: parseInstant(input.occurredAt, 'occurredAt', now), name }
  return {
    externalId: reported.externalId,
    reservation: null,
    create: ({ organizationId, contactId, now }) => ({
      ...reported,
      organizationId,
      id: newId('event'),
      contactId,
      properties: properties ?? {},
      createdAt: now,
      updatedAt: now,
    }),
    update: (event) => ({ row: { ...event, name, properties: properties ?? event.properties }, ignored: null }),
  }
}

function parseProperties(given: Readonly<Record<string, unknown>>): Prisma.JsonObject {
  // proof: every value is parsed as JSON
  const properties = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [parseJsonKey(key, location), parseJson(value, key, location)]),
  ) as Prisma.JsonObject
  const bytes = Buffer.byteLength(JSON.stringify(properties))
  if (bytes > maxPropertiesBytes) {
    throw new InvalidInput(`The properties take ${bytes.toLocaleString('en')} bytes together: at most 16 KiB are kept.`, {
      field: location.field,
      expected: 'at most 16 KiB as JSON',
    })
  }
  return properties
}
