import type { Event, Prisma } from '../../data/generated/client.ts'
import { InvalidInput, MissingRequiredField } from '../../kernel/errors.ts'
import { type JsonPlace, parseJson, parseJsonKey } from '../../kernel/json.ts'
import { newId } from '../../kernel/ids.ts'
import { parseText } from '../../kernel/text.ts'
import { parseExternalId, parseMoment } from './rules.ts'
import type { ActivityInput, Telling } from './telling.ts'

const maxPropertiesBytes = 16 * 1024
const maxNameLength = 100
const place: JsonPlace = { field: 'properties', noun: 'property' }

export interface EventInput extends ActivityInput {
  /** What happened, such as `order_placed`. */
  readonly name: string
  readonly properties?: Readonly<Record<string, unknown>> | null | undefined
}

/** Parses the report of an event. The last report of one counts: an event has no status that could be old. @throws InvalidInput, MissingRequiredField */
export function parseEvent(input: EventInput, now: Date): Telling<Event> {
  const name = parseText(input.name, 'name', { max: maxNameLength })
  if (name === null) {
    throw new MissingRequiredField('An event needs a name that says what happened.', {
      field: 'name',
      expected: `1 to ${maxNameLength} characters, such as order_placed`,
    })
  }
  const properties = input.properties ? parseProperties(input.properties) : null
  const told = { externalId: parseExternalId(input.externalId), occurredAt: parseMoment(input.occurredAt, 'occurredAt', now), name }
  return {
    externalId: told.externalId,
    reservation: null,
    begin: ({ organizationId, contactId, now }) => ({
      ...told,
      organizationId,
      id: newId('event'),
      contactId,
      properties: properties ?? {},
      createdAt: now,
      updatedAt: now,
    }),
    goOn: (event) => ({ row: { ...event, name, properties: properties ?? event.properties }, ignored: null }),
  }
}

function parseProperties(given: Readonly<Record<string, unknown>>): Prisma.JsonObject {
  // proof: every value is parsed as JSON
  const properties = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [parseJsonKey(key, place), parseJson(value, key, place)]),
  ) as Prisma.JsonObject
  const bytes = Buffer.byteLength(JSON.stringify(properties))
  if (bytes > maxPropertiesBytes) {
    throw new InvalidInput(`The properties take ${bytes.toLocaleString('en')} bytes together: at most 16 KiB are kept.`, {
      field: place.field,
      expected: 'at most 16 KiB as JSON',
    })
  }
  return properties
}
