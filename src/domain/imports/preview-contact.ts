import type { NewAddress } from '../../data/sql/contact-addresses.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { externalIdOf, primaryPoints } from '../contacts/contact-points.ts'
import { addressKeyOf } from '../contacts/keys.ts'
import type { ContactFields } from '../contacts/rules.ts'
import type { Decision } from './rows/decisions.ts'
import type { ReadRow } from './rows/rows.ts'

/** A contact as it would be after an import, with all of its addresses and external ids. */
export interface PreviewedContact {
  readonly fields: ContactFields
  readonly points: readonly NewAddress[]
}

/** The contact of a row as it would be afterwards; for a skipped row as it was read, or null if it could not be. */
export function contactAfter(row: ReadRow, decision: Decision): PreviewedContact | null {
  if (decision.outcome === 'created') return withPrimaries(decision.fields, [...decision.labelled, ...decision.added])
  if (decision.outcome === 'updated') {
    const kept = decision.contact.addresses.filter(({ isPrimary }) => !isPrimary)
    return withPrimaries(decision.fields, [...kept, ...decision.added], decision.contact.addresses)
  }
  if ('reason' in row) return null
  if ('fields' in row) return withPrimaries(row.fields, [...row.phones, ...row.emails, ...row.externalIds])
  return withPrimaries(row.contact.fields, row.contact.addresses)
}

/** The primary addresses of the fields, and then the others. @param labelled where the labels of primary addresses are found */
function withPrimaries(fields: ContactFields, others: readonly NewAddress[], labelled: readonly NewAddress[] = others): PreviewedContact {
  const labels = new Map(labelled.map((point) => [addressKeyOf(point), point.label]))
  const primaries = primaryPoints(fields).map((point) => ({ ...point, label: labels.get(addressKeyOf(point)) ?? null }))
  const primaryKeys = new Set(primaries.map(addressKeyOf))
  const further = others.filter((point) => !primaryKeys.has(addressKeyOf(point))).map((point) => ({ ...point, isPrimary: false }))
  return { fields, points: [...primaries, ...further] }
}

/** A contact of a preview: the fields that callers know, by their names in snake_case. */
export function previewContact({ fields, points }: PreviewedContact): JsonObject {
  const ofKind = (kind: NewAddress['kind']) => points.filter((point) => point.kind === kind)
  return {
    phone: fields.phone,
    phone_extension: fields.phoneExtension || null,
    email: fields.email,
    first_name: fields.firstName,
    last_name: fields.lastName,
    display_name: fields.displayName,
    company: fields.company,
    country_code: fields.countryCode,
    timezone: fields.timezone,
    language: fields.language,
    lifecycle_stage: fields.lifecycleStage,
    tags: [...fields.tags],
    custom_attributes: fields.customAttributes,
    phone_numbers: ofKind('phone').map(({ value, extension, label, isPrimary }) => ({
      value,
      extension: extension || null,
      label,
      is_primary: isPrimary,
    })),
    email_addresses: ofKind('email').map(({ value, label, isPrimary }) => ({ value, label, is_primary: isPrimary })),
    external_ids: ofKind('external').map((point) => ({ ...externalIdOf(point) })),
  }
}
