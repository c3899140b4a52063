import type { ContactQuery, LifecycleStage, UpdateContactInput } from '../generated/operations.ts'

type Contact = NonNullable<ContactQuery['contact']>

export interface AddressDraft {
  readonly value: string
  readonly extension: string
  readonly label: string
  readonly isPrimary: boolean
}

export interface ExternalIdDraft {
  readonly system: string
  readonly value: string
}

export const textFields = ['firstName', 'lastName', 'displayName', 'company', 'countryCode', 'timezone', 'language'] as const
export type TextField = (typeof textFields)[number]

/** What is being typed about a contact. */
export interface Draft extends Readonly<Record<TextField, string>> {
  readonly lifecycleStage: LifecycleStage
  readonly tags: readonly string[]
  readonly phones: readonly AddressDraft[]
  readonly emails: readonly AddressDraft[]
  readonly externalIds: readonly ExternalIdDraft[]
  /** The attributes as they shall be; null removes one. */
  readonly attributes: Readonly<Record<string, unknown>>
}

export const emptyAddress: AddressDraft = { value: '', extension: '', label: '', isPrimary: false }

export const emptyDraft: Draft = {
  firstName: '',
  lastName: '',
  displayName: '',
  company: '',
  countryCode: '',
  timezone: '',
  language: '',
  lifecycleStage: 'LEAD',
  tags: [],
  phones: [{ ...emptyAddress, isPrimary: true }],
  emails: [{ ...emptyAddress, isPrimary: true }],
  externalIds: [],
  attributes: {},
}

export function draftOf(contact: Contact): Draft {
  return {
    firstName: contact.firstName ?? '',
    lastName: contact.lastName ?? '',
    displayName: contact.displayName,
    company: contact.company ?? '',
    countryCode: contact.countryCode ?? '',
    timezone: contact.timezone ?? '',
    language: contact.language ?? '',
    lifecycleStage: contact.lifecycleStage,
    tags: contact.tags,
    phones: contact.phoneNumbers.map(({ value, extension, label, isPrimary }) => ({
      value,
      extension: extension ?? '',
      label: label ?? '',
      isPrimary,
    })),
    emails: contact.emailAddresses.map(({ value, label, isPrimary }) => ({ value, extension: '', label: label ?? '', isPrimary })),
    externalIds: contact.externalIds.map(({ system, value }) => ({ system, value })),
    attributes: contact.customAttributes,
  }
}

type Changes = Omit<UpdateContactInput, 'id' | 'ifRevision'>

/** Only what differs, so that names and countries that follow from other fields go on doing so, and nothing else is written over. */
export function changesBetween(before: Draft, after: Draft): Changes {
  const fields = textFields.filter((field) => after[field].trim() !== before[field].trim())
  const attributes = Object.keys({ ...before.attributes, ...after.attributes }).filter(
    (key) => JSON.stringify(before.attributes[key] ?? null) !== JSON.stringify(after.attributes[key] ?? null),
  )
  const [phones, emails] = [after.phones.filter(isGiven), after.emails.filter(isGiven)]
  const externalIds = after.externalIds.filter(({ system, value }) => system.trim() !== '' || value.trim() !== '')
  return {
    ...Object.fromEntries(fields.map((field) => [field, after[field].trim() === '' ? null : after[field].trim()])),
    ...(after.lifecycleStage !== before.lifecycleStage && { lifecycleStage: after.lifecycleStage }),
    ...(differ(before.tags, after.tags) && { tags: [...after.tags] }),
    ...(differ(before.phones.filter(isGiven), phones) && { phoneNumbers: phones.map(phoneInput) }),
    ...(differ(before.emails.filter(isGiven), emails) && { emailAddresses: emails.map(emailInput) }),
    ...(differ(before.externalIds, externalIds) && { externalIds: [...externalIds] }),
    ...(attributes.length > 0 && {
      customAttributes: Object.fromEntries(attributes.map((key) => [key, after.attributes[key] ?? null])),
    }),
  }
}

function isGiven({ value }: AddressDraft): boolean {
  return value.trim() !== ''
}

function emailInput({ value, label, isPrimary }: AddressDraft) {
  return { value: value.trim(), ...(label.trim() !== '' && { label: label.trim() }), ...(isPrimary && { isPrimary }) }
}

function phoneInput(phone: AddressDraft) {
  return { ...emailInput(phone), ...(phone.extension.trim() !== '' && { extension: phone.extension.trim() }) }
}

function differ(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) !== JSON.stringify(other)
}
