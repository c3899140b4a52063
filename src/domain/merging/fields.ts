import type { Contact } from '../../data/generated/client.ts'
import type { Json, JsonObject } from '../../kernel/json.ts'
import { fieldsOf } from '../contacts/commands.ts'
import { phoneKeyOf } from '../contacts/keys.ts'
import type { ContactFields } from '../contacts/rules.ts'
import { tagKey } from '../contacts/tags.ts'

/** The fields of which the contact that stays has one value, and the caller may choose whose. */
export const mergeableFields = [
  'phone',
  'email',
  'firstName',
  'lastName',
  'displayName',
  'company',
  'countryCode',
  'timezone',
  'language',
  'lifecycleStage',
] as const
export type MergeableField = (typeof mergeableFields)[number]

/** Whose value of a field the contact that stays gets. */
export interface FieldChoice {
  readonly field: MergeableField
  /** The id of one of the contacts. */
  readonly from: string
}

/** What becomes of a field. */
export interface MergedField {
  readonly field: string
  readonly value: unknown
  /** The contact whose value it is; null where the values of all are united, or none has one. */
  readonly contactId: string | null
  /** Other values, which the contact that stays does not get. Addresses are kept beside the primary one. */
  readonly losing: readonly { readonly contactId: string; readonly value: unknown }[]
}

/**
 * Decides what the contact that stays becomes: its own values, where it has none those of the first of the others that has one, or those of the contact
 * that was chosen for the field. Tags are united, custom attributes key by key; of two values of one key its own, or the first one, stays.
 */
export function mergeFields(
  into: Contact,
  from: readonly Contact[],
  choices: readonly FieldChoice[],
): { readonly fields: ContactFields; readonly outcomes: readonly MergedField[] } {
  const all = [into, ...from].map((contact) => ({ id: contact.id, fields: fieldsOf(contact) }))
  const chosen = new Map(choices.map(({ field, from: id }) => [field, id]))
  const pick = (field: MergeableField) =>
    all.find(({ id, fields }) => (chosen.has(field) ? chosen.get(field) === id : fields[field] !== null)) ?? null
  const picked = new Map(mergeableFields.map((field) => [field, pick(field)]))
  const of = <Field extends MergeableField>(field: Field) => (picked.get(field)?.fields ?? fieldsOf(into))[field]
  const [phone, email] = [picked.get('phone')?.fields, picked.get('email')?.fields]
  const fields: ContactFields = {
    phone: phone?.phone ?? null,
    phoneExtension: phone?.phoneExtension ?? '',
    phoneKey: phone?.phoneKey ?? null,
    email: email?.email ?? null,
    emailKey: email?.emailKey ?? null,
    firstName: of('firstName'),
    lastName: of('lastName'),
    displayName: of('displayName'),
    company: of('company'),
    countryCode: of('countryCode'),
    timezone: of('timezone'),
    language: of('language'),
    lifecycleStage: of('lifecycleStage'),
    ...unitedTags(all.map((contact) => contact.fields)),
    customAttributes: unitedAttributes(all.map((contact) => contact.fields.customAttributes)),
  }
  const outcomes = mergeableFields.map((field): MergedField => {
    const winner = picked.get(field) ?? null
    const losing = all.filter(({ id, fields: own }) => id !== winner?.id && own[field] !== null && !isSame(field, own, fields))
    return {
      field,
      value: fields[field],
      contactId: winner?.id ?? null,
      losing: losing.map(({ id, fields: own }) => ({ contactId: id, value: own[field] })),
    }
  })
  return { fields, outcomes: [...outcomes, tagsOutcome(fields), ...attributeOutcomes(all, fields)] }
}

function isSame(field: MergeableField, one: ContactFields, other: ContactFields): boolean {
  if (field === 'phone') return phoneKeyOf(one) === phoneKeyOf(other)
  return field === 'email' ? one.emailKey === other.emailKey : one[field] === other[field]
}

/** A limit on tags binds what callers send, not what a merge unites. */
function unitedTags(all: readonly ContactFields[]): Pick<ContactFields, 'tags' | 'tagKeys'> {
  const tags = new Map<string, string>()
  for (const fields of all) for (const tag of fields.tags) if (!tags.has(tagKey(tag))) tags.set(tagKey(tag), tag)
  return { tags: [...tags.values()], tagKeys: [...tags.keys()] }
}

function unitedAttributes(all: readonly JsonObject[]): JsonObject {
  const united = new Map<string, Json>()
  for (const attributes of all) for (const [key, value] of Object.entries(attributes)) if (!united.has(key)) united.set(key, value)
  return Object.fromEntries(united)
}

function tagsOutcome({ tags }: ContactFields): MergedField {
  return { field: 'tags', value: tags, contactId: null, losing: [] }
}

function attributeOutcomes(
  all: readonly { readonly id: string; readonly fields: ContactFields }[],
  { customAttributes }: ContactFields,
): MergedField[] {
  return Object.entries(customAttributes).map(([key, value]) => {
    const holders = all.filter(({ fields }) => Object.hasOwn(fields.customAttributes, key))
    const losing = holders.filter(({ fields }) => JSON.stringify(fields.customAttributes[key]) !== JSON.stringify(value))
    return {
      field: `customAttributes.${key}`,
      value,
      contactId: holders[0]?.id ?? null,
      losing: losing.map(({ id, fields }) => ({ contactId: id, value: fields.customAttributes[key] })),
    }
  })
}

/**
 * What the contact that stayed becomes when a merge is taken back: each field as it was before, unless it was changed since. Tags and attributes that
 * came with the merge go, those that were added since stay.
 * @returns the fields, and the names of those that were changed since and stay
 */
export function unmergeFields(
  before: ContactFields,
  after: ContactFields,
  current: ContactFields,
): { readonly fields: ContactFields; readonly kept: readonly string[] } {
  const kept: string[] = []
  const back = <Field extends keyof ContactFields>(field: Field): ContactFields[Field] => {
    if (isEqual(current[field], after[field])) return before[field]
    kept.push(field)
    return current[field]
  }
  const phone = phoneKeyOf(current) === phoneKeyOf(after) ? before : current
  const email = current.emailKey === after.emailKey ? before : current
  if (phone === current && phoneKeyOf(current) !== phoneKeyOf(before)) kept.push('phone')
  if (email === current && current.emailKey !== before.emailKey) kept.push('email')
  const names = ['firstName', 'lastName', 'displayName', 'company', 'countryCode', 'timezone', 'language'] as const
  const texts = Object.fromEntries(names.map((name) => [name, back(name)])) as Pick<ContactFields, (typeof names)[number]> // proof: each of the names
  const { tags, tagKeys } = backTags(before, after, current)
  const fields: ContactFields = {
    phone: phone.phone,
    phoneExtension: phone.phoneExtension,
    phoneKey: phone.phoneKey,
    email: email.email,
    emailKey: email.emailKey,
    ...texts,
    lifecycleStage: back('lifecycleStage'),
    tags,
    tagKeys,
    customAttributes: backAttributes(before.customAttributes, after.customAttributes, current.customAttributes),
  }
  return { fields, kept }
}

function backTags(before: ContactFields, after: ContactFields, current: ContactFields): Pick<ContactFields, 'tags' | 'tagKeys'> {
  if (isEqual(current.tags, after.tags)) return { tags: before.tags, tagKeys: before.tagKeys }
  const [then, merged] = [new Set(before.tagKeys), new Set(after.tagKeys)]
  const tags = current.tags.filter((tag) => then.has(tagKey(tag)) || !merged.has(tagKey(tag)))
  return { tags, tagKeys: tags.map(tagKey) }
}

function backAttributes(before: JsonObject, after: JsonObject, current: JsonObject): JsonObject {
  const keys = new Set([...Object.keys(before), ...Object.keys(current)])
  const entries = [...keys].flatMap((key): [string, Json][] => {
    const isUntouched = Object.hasOwn(current, key) === Object.hasOwn(after, key) && isEqual(current[key], after[key])
    const source = isUntouched ? before : current
    const value = source[key]
    return Object.hasOwn(source, key) && value !== undefined ? [[key, value]] : []
  })
  return Object.fromEntries(entries)
}

function isEqual(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
