import type { AddressChange, NewAddress, StoredAddress } from '../../data/sql/contact-addresses.ts'
import type { AddressKind } from '../../data/generated/client.ts'
import { parseEmail } from '../../kernel/email.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { phoneKey } from '../../kernel/phone-key.ts'
import { parseExtension, parsePhone } from '../../kernel/phone.ts'
import { salesforceKey } from '../../kernel/salesforce-ids.ts'
import { parseText, shorten } from '../../kernel/text.ts'
import { addressKeyOf } from './keys.ts'
import type { ContactFields, ContactInput } from './rules.ts'

/** The most phone numbers, email addresses and external ids that callers can give a contact, of each. */
export const maxPoints = 20
const maxLabelLength = 100
const maxExternalIdLength = 200

export interface PhoneNumberInput {
  readonly value: string
  readonly extension?: string | null | undefined
  readonly label?: string | null | undefined
  readonly isPrimary?: boolean | null | undefined
}

export interface EmailAddressInput {
  readonly value: string
  readonly label?: string | null | undefined
  readonly isPrimary?: boolean | null | undefined
}

/** The id that another system has for a contact. */
export interface ExternalId {
  readonly system: string
  readonly value: string
}

/** All addresses of a contact: each list replaces what is there; null clears it. A list that equals what is stored counts as absent. */
export interface ContactPointsInput {
  readonly phoneNumbers?: readonly PhoneNumberInput[] | null | undefined
  readonly emailAddresses?: readonly EmailAddressInput[] | null | undefined
  readonly externalIds?: readonly ExternalId[] | null | undefined
}

export type PointsField = keyof ContactPointsInput

/** What the lists of an input come to. */
export interface DecidedPoints {
  /** The input with the primary phone number and email address that the lists name. */
  readonly input: ContactInput
  /** All addresses of each kind of which the list has changed. */
  readonly lists: ReadonlyMap<AddressKind, readonly NewAddress[]>
  /** The lists that have changed. */
  readonly changed: readonly PointsField[]
}

const fields = { phone: 'phoneNumbers', email: 'emailAddresses', external: 'externalIds' } as const satisfies Record<
  AddressKind,
  PointsField
>

/** The list that addresses of a kind stand in. */
export function pointsField(kind: AddressKind): PointsField {
  return fields[kind]
}

/** Whether an input has anything to say about lists of addresses. */
export function hasPoints(input: ContactPointsInput): boolean {
  return Object.values(fields).some((field) => input[field] !== undefined)
}

/**
 * Decides which addresses a contact has.
 * @param stored what it has now; nothing for a new contact
 * @param country reads phone numbers that have no country prefix
 * @throws InvalidInput, InvalidPhoneNumber, InvalidEmail
 */
export function decidePoints(
  stored: readonly StoredAddress[],
  given: ContactInput & ContactPointsInput,
  country: string | null,
): DecidedPoints {
  const { phoneNumbers, emailAddresses, externalIds, ...input } = given
  const most = (kind: AddressKind) => Math.max(maxPoints, stored.filter((address) => address.kind === kind).length)
  const list = <Item>(kind: AddressKind, items: readonly Item[] | null | undefined, parse: (item: Item, at: string) => NewAddress) =>
    items === undefined ? null : parseList(kind, items ?? [], most(kind), parse)
  const wanted = {
    phone: list('phone', phoneNumbers, (item, at) => parseNumber(item, at, stored, country)),
    email: list('email', emailAddresses, (item, at) => parseAddress(item, at, stored)),
    external: list('external', externalIds, parseIdOfSystem),
  }
  const lists = new Map<AddressKind, readonly NewAddress[]>()
  for (const kind of ['phone', 'email', 'external'] as const) {
    const given = wanted[kind]
    const before = stored.filter((address) => address.kind === kind)
    if (given === null) continue
    const points = kind === 'external' ? given : withPrimary(given, before)
    if (!areEqual(points, before)) lists.set(kind, points)
  }
  return { input: withPrimaries(input, lists, country), lists, changed: [...lists.keys()].map((kind) => fields[kind]) }
}

/** How the stored addresses of a contact become those that were decided. */
export function addressChanges(contactId: string, stored: readonly StoredAddress[], { lists }: DecidedPoints): AddressChange[] {
  return [...lists].flatMap(([kind, points]) => {
    const before = new Map(stored.filter((address) => address.kind === kind).map((address) => [addressKeyOf(address), address]))
    const kept = new Set(points.map(addressKeyOf))
    const removed = [...before.values()].filter((address) => !kept.has(addressKeyOf(address)))
    return [
      ...removed.map((address): AddressChange => ({ ...address, op: 'remove' })),
      ...points.map((point): AddressChange => {
        const known = before.get(addressKeyOf(point))
        return known === undefined
          ? { ...point, contactId, op: 'add' }
          : { ...point, contactId, op: 'keep', isPrimary: point.isPrimary && known.isPrimary }
      }),
    ]
  })
}

/** Accepts the id of another system. @throws InvalidInput */
export function parseExternalId({ system, value }: ExternalId, field: string): ExternalId {
  if (!/^[a-z0-9_]{1,40}$/.test(system)) {
    throw new InvalidInput('The system of an external id is not a name of small letters, digits and underscores.', {
      field: `${field}.system`,
      value: shorten(system),
      expected: '1 to 40 of a–z, 0–9 and _, such as crm',
    })
  }
  const parsed = parseText(value, `${field}.value`, { max: maxExternalIdLength })
  if (parsed === null) {
    throw new InvalidInput('An external id is empty.', {
      field: `${field}.value`,
      value,
      expected: `1 to ${maxExternalIdLength} characters`,
    })
  }
  return { system, value: parsed }
}

/** What an external id is compared by: its text, and for Salesforce the record, which can be written with 15 and with 18 characters. */
export function externalKey({ system, value }: ExternalId): string {
  return `${system}:${system === 'salesforce' ? salesforceKey(value) : value}`
}

/** The external id behind a key. */
export function externalIdOf({ key, value }: Pick<StoredAddress, 'key' | 'value'>): ExternalId {
  return { system: key.slice(0, key.indexOf(':')), value }
}

function parseNumber(
  { value, extension, label, isPrimary }: PhoneNumberInput,
  at: string,
  stored: readonly StoredAddress[],
  country: string | null,
): NewAddress {
  const known = stored.filter(isPhone).find((address) => address.value === value)
  const phone = known === undefined ? parsePhone(value, country, `${at}.value`) : { number: known.value, extension: '' }
  const beside = typeof extension === 'string' && extension.trim() !== '' ? parseExtension(extension, `${at}.extension`) : ''
  if (phone.extension !== '' && beside !== '' && phone.extension !== beside) {
    throw new InvalidInput('The phone number has another extension in it than the one beside it.', {
      field: `${at}.extension`,
      value: beside,
      expected: phone.extension,
    })
  }
  const key = known?.key ?? phoneKey(phone.number)
  return { kind: 'phone', key, extension: phone.extension || beside, value: phone.number, ...details(label, isPrimary, at) }
}

function parseAddress({ value, label, isPrimary }: EmailAddressInput, at: string, stored: readonly StoredAddress[]): NewAddress {
  const known = stored.filter(isEmail).find((address) => address.value === value)
  const { address, key } = known === undefined ? parseEmail(value, `${at}.value`) : { address: known.value, key: known.key }
  return { kind: 'email', key, extension: '', value: address, ...details(label, isPrimary, at) }
}

const isPhone = (address: StoredAddress) => address.kind === 'phone'
const isEmail = (address: StoredAddress) => address.kind === 'email'

function parseIdOfSystem(given: ExternalId, at: string): NewAddress {
  const id = parseExternalId(given, at)
  return { kind: 'external', key: externalKey(id), extension: '', value: id.value, label: null, isPrimary: false }
}

function details(
  label: string | null | undefined,
  isPrimary: boolean | null | undefined,
  at: string,
): Pick<NewAddress, 'label' | 'isPrimary'> {
  const text = typeof label === 'string' ? parseText(label, `${at}.label`, { max: maxLabelLength }) : null
  return { label: text, isPrimary: isPrimary === true }
}

/** @param most more than callers can give a contact, if a merge has given it more: then its list can be sent back, and be shortened */
function parseList<Item>(
  kind: AddressKind,
  items: readonly Item[],
  most: number,
  parse: (item: Item, at: string) => NewAddress,
): NewAddress[] {
  const field = fields[kind]
  if (items.length > most) {
    throw new InvalidInput(`${items.length.toLocaleString('en')} entries are too many.`, { field, expected: `at most ${most}` })
  }
  const points = items.map((item, index) => parse(item, `${field}.${index}`))
  const seen = new Set<string>()
  for (const [index, point] of points.entries()) {
    if (seen.has(addressKeyOf(point))) {
      throw new InvalidInput('An entry stands in the list twice.', {
        field: `${field}.${index}`,
        value: point.value,
        expected: 'each one once',
      })
    }
    seen.add(addressKeyOf(point))
  }
  if (points.filter(({ isPrimary }) => isPrimary).length > 1) {
    throw new InvalidInput('Several entries are primary.', { field, expected: 'at most one primary entry' })
  }
  return points
}

/** Where no entry says that it is the primary one, the present one stays it; otherwise it is the first. */
function withPrimary(points: readonly NewAddress[], stored: readonly StoredAddress[]): NewAddress[] {
  if (points.some(({ isPrimary }) => isPrimary)) return [...points]
  const present = stored.find(({ isPrimary }) => isPrimary)
  const at = present === undefined ? -1 : points.findIndex((point) => addressKeyOf(point) === addressKeyOf(present))
  return points.map((point, index) => ({ ...point, isPrimary: index === Math.max(at, 0) }))
}

function areEqual(points: readonly NewAddress[], stored: readonly StoredAddress[]): boolean {
  if (points.length !== stored.length) return false
  const byKey = new Map(stored.map((address) => [addressKeyOf(address), address]))
  return points.every((point) => {
    const known = byKey.get(addressKeyOf(point))
    return known !== undefined && known.value === point.value && known.label === point.label && known.isPrimary === point.isPrimary
  })
}

/** The lists that have changed name the primary addresses. */
function withPrimaries(input: ContactInput, lists: DecidedPoints['lists'], country: string | null): ContactInput {
  const { phone: givenPhone, phoneExtension: givenExtension, email: givenEmail, ...others } = input
  const [phones, emails] = [lists.get('phone'), lists.get('email')]
  const phone = phones?.find(({ isPrimary }) => isPrimary)
  const email = emails?.find(({ isPrimary }) => isPrimary)
  if (phones !== undefined && givenPhone !== undefined) requireSame('phone', phoneOf(givenPhone, givenExtension, country), phone)
  if (emails !== undefined && givenEmail !== undefined) requireSame('email', emailOf(givenEmail), email)
  return {
    ...others,
    ...(phones === undefined
      ? { phone: givenPhone, phoneExtension: givenExtension }
      : { phone: phone?.value ?? null, phoneExtension: phone === undefined ? null : phone.extension }),
    email: emails === undefined ? givenEmail : (email?.value ?? null),
  }
}

function phoneOf(text: string | null, beside: string | null | undefined, country: string | null): string | null {
  if (text === null || text.trim() === '') return null
  const { number, extension } = parsePhone(text, country)
  return `${phoneKey(number)} ${extension || (typeof beside === 'string' ? parseExtension(beside) : '')}`
}

function emailOf(text: string | null): string | null {
  return text === null || text.trim() === '' ? null : `${parseEmail(text).key} `
}

/** A list that was changed and a field beside it must not say two things: one of them would be lost. */
function requireSame(field: 'phone' | 'email', given: string | null, primary: NewAddress | undefined): void {
  const wanted = primary === undefined ? null : `${primary.key} ${primary.extension}`
  if (given === wanted) return
  throw new InvalidInput(`The primary entry of ${fields[field]} is another than ${field}. Send one of the two, or make them agree.`, {
    field: fields[field],
    value: primary?.value ?? null,
    expected: given?.trim() ?? `no ${field}`,
  })
}

/** The primary addresses that a contact has, by its fields. */
export function primaryPoints({ phone, phoneKey: key, phoneExtension, email, emailKey }: ContactFields): NewAddress[] {
  const common = { label: null, isPrimary: true }
  return [
    ...(phone === null ? [] : [{ kind: 'phone' as const, key: key ?? phone, extension: phoneExtension, value: phone, ...common }]),
    ...(email === null || emailKey === null ? [] : [{ kind: 'email' as const, key: emailKey, extension: '', value: email, ...common }]),
  ]
}

/** Since when messages to an address bounce; null if none did, or if one arrived since. */
export function unreachableSince({
  unreachableSince: since,
  verifiedAt,
}: Pick<StoredAddress, 'unreachableSince' | 'verifiedAt'>): Date | null {
  return since !== null && (verifiedAt === null || verifiedAt <= since) ? since : null
}
