import { z } from '@hono/zod-openapi'
import type { StoredAddress } from '../../data/sql/contact-addresses.ts'
import { type ContactPointsInput, externalIdOf, unreachableSince } from '../../domain/contacts/contact-points.ts'

const reachability = {
  verified_at: z.iso.datetime().nullable().openapi({ description: 'When a message last arrived.' }),
  unreachable_since: z.iso.datetime().nullable().openapi({ description: 'When a message last bounced, if none arrived since.' }),
  unreachable_reason: z.string().nullable(),
}

export const externalIdSchema = z
  .strictObject({
    system: z.string().openapi({ description: '1 to 40 of a–z, 0–9 and _.', example: 'crm' }),
    value: z.string().openapi({ description: 'At most 200 characters.', example: '4711' }),
  })
  .openapi('ExternalId')

/** The lists of addresses of a contact, as they are read. */
export const contactPointsSchema = {
  phone_numbers: z
    .array(
      z
        .object({
          value: z.string().openapi({ description: 'E.164.' }),
          extension: z.string().nullable(),
          label: z.string().nullable(),
          is_primary: z.boolean(),
          ...reachability,
        })
        .openapi('PhoneNumber'),
    )
    .openapi({ description: 'All phone numbers, the primary one first.' }),
  email_addresses: z
    .array(z.object({ value: z.string(), label: z.string().nullable(), is_primary: z.boolean(), ...reachability }).openapi('EmailAddress'))
    .openapi({ description: 'All email addresses, the primary one first.' }),
  external_ids: z.array(externalIdSchema).openapi({ description: 'The ids that other systems have for the contact.' }),
}

/** What a caller may repeat of an entry that it has read. */
const readOnly = {
  verified_at: z.unknown().optional(),
  unreachable_since: z.unknown().optional(),
  unreachable_reason: z.unknown().optional(),
}

/** The same lists, as they are written. */
export const contactPointsBody = {
  phone_numbers: z
    .array(
      z
        .strictObject({
          value: z.string(),
          extension: z.string().nullish(),
          label: z.string().nullish(),
          is_primary: z.boolean().nullish(),
          ...readOnly,
        })
        .openapi('PhoneNumberInput'),
    )
    .nullish()
    .openapi({ description: 'At most 20; replaces those that are there. A list that equals them counts as omitted.' }),
  email_addresses: z
    .array(
      z
        .strictObject({ value: z.string(), label: z.string().nullish(), is_primary: z.boolean().nullish(), ...readOnly })
        .openapi('EmailAddressInput'),
    )
    .nullish()
    .openapi({ description: 'At most 20; replaces those that are there. A list that equals them counts as omitted.' }),
  external_ids: z
    .array(externalIdSchema)
    .nullish()
    .openapi({ description: 'At most 20; replaces those that are there. Each belongs to one contact of the organization.' }),
}

const pointsBody = z.object(contactPointsBody)

function rename<Item extends { is_primary?: boolean | null | undefined }>({ is_primary: isPrimary, ...item }: Item) {
  return { ...item, isPrimary }
}

export function contactPointsInput({
  phone_numbers: phones,
  email_addresses: emails,
  external_ids: ids,
}: z.output<typeof pointsBody>): ContactPointsInput {
  return {
    phoneNumbers: phones?.map(rename) ?? (phones === null ? null : undefined),
    emailAddresses: emails?.map(rename) ?? (emails === null ? null : undefined),
    externalIds: ids,
  }
}

/** The lists in REST's spelling. */
export function presentContactPoints(addresses: readonly StoredAddress[]) {
  const ofKind = (kind: StoredAddress['kind']) => addresses.filter((address) => address.kind === kind)
  return {
    phone_numbers: ofKind('phone').map((address) => ({
      value: address.value,
      extension: address.extension || null,
      ...presentRest(address),
    })),
    email_addresses: ofKind('email').map((address) => ({ value: address.value, ...presentRest(address) })),
    external_ids: ofKind('external').map(externalIdOf),
  }
}

function presentRest(address: StoredAddress) {
  const since = unreachableSince(address)
  return {
    label: address.label,
    is_primary: address.isPrimary,
    verified_at: address.verifiedAt?.toISOString() ?? null,
    unreachable_since: since?.toISOString() ?? null,
    unreachable_reason: since === null ? null : address.unreachableReason,
  }
}
