import type { ExportColumn } from '../../data/sql/export-contacts.ts'
import { displayNameOf } from '../contacts/names.ts'

export const vcardVersions = ['4.0', '3.0'] as const
export type VcardVersion = (typeof vcardVersions)[number]

/** What a card is written from. */
export const vcardFields: readonly ExportColumn[] = [
  'phone',
  'phone_extension',
  'email',
  'first_name',
  'last_name',
  'display_name',
  'company',
  'country_code',
  'timezone',
  'language',
  'lifecycle_stage',
  'tags',
  'phone_numbers',
  'email_addresses',
  'updated_at',
]

interface CardSource {
  readonly phone: string | null
  readonly phone_extension: string | null
  readonly email: string | null
  readonly first_name: string | null
  readonly last_name: string | null
  readonly display_name: string | null
  readonly company: string | null
  readonly country_code: string | null
  readonly timezone: string | null
  readonly language: string | null
  readonly lifecycle_stage: string
  readonly tags: readonly string[]
  readonly phone_numbers: readonly { readonly value: string; readonly extension: string | null; readonly is_primary: boolean }[]
  readonly email_addresses: readonly { readonly value: string; readonly is_primary: boolean }[]
  readonly updated_at: string
}

/** The cards of contacts that come as lines of JSON. Version 4 is RFC 6350, version 3 RFC 2426, which older address books read. */
export async function* vcardsOf(objects: AsyncGenerator<string>, version: VcardVersion): AsyncGenerator<string> {
  let rest = ''
  for await (const part of objects) {
    const lines = `${rest}${part}`.split('\n')
    rest = lines.pop() ?? ''
    // proof: the query selects exactly these fields
    const cards = lines.filter((line) => line !== '').map((line) => cardOf(JSON.parse(line) as CardSource, version))
    if (cards.length > 0) yield cards.join('')
  }
}

function cardOf(contact: CardSource, version: VcardVersion): string {
  const { phone, phone_extension: extension, email, first_name: firstName, last_name: lastName, company, country_code: country } = contact
  const isFour = version === '4.0'
  const shown = displayNameOf({
    phone,
    email,
    firstName,
    lastName,
    company,
    displayName: contact.display_name,
    phoneExtension: extension ?? '',
  })
  const name = [lastName, firstName, null, null, null].map((part) => escaped(part ?? '')).join(';')
  const lines = [
    'BEGIN:VCARD',
    `VERSION:${version}`,
    `FN:${escaped(shown)}`,
    // Version 3 needs the name in its parts, empty or not.
    firstName === null && lastName === null && isFour ? null : `N:${name}`,
    company === null ? null : `ORG:${escaped(company)}`,
    phone === null ? null : phoneLine(phone, extension, isFour, true),
    ...further(contact.phone_numbers).map((number) => phoneLine(number.value, number.extension, isFour, false)),
    email === null ? null : `EMAIL;${isFour ? 'PREF=1' : 'TYPE=INTERNET,PREF'}:${escaped(email)}`,
    ...further(contact.email_addresses).map(({ value }) => `EMAIL${isFour ? '' : ';TYPE=INTERNET'}:${escaped(value)}`),
    country === null ? null : `ADR:;;;;;;${escaped(country)}`,
    contact.timezone === null ? null : `TZ:${escaped(contact.timezone)}`,
    contact.language === null || !isFour ? null : `LANG:${escaped(contact.language)}`,
    contact.tags.length === 0 ? null : `CATEGORIES:${contact.tags.map(escaped).join(',')}`,
    `X-LIFECYCLE-STAGE:${contact.lifecycle_stage}`,
    `REV:${isFour ? contact.updated_at.replace(/[-:]|\.\d+/g, '') : contact.updated_at}`,
    'END:VCARD',
  ]
  return lines.flatMap((line) => (line === null ? [] : [`${folded(line)}\r\n`])).join('')
}

/** The addresses beside the primary one. */
function further<Address extends { readonly is_primary: boolean }>(addresses: readonly Address[]): Address[] {
  return addresses.filter((address) => !address.is_primary)
}

function phoneLine(phone: string, extension: string | null, isFour: boolean, isPreferred: boolean): string {
  if (isFour) return `TEL;VALUE=uri${isPreferred ? ';PREF=1' : ''}:tel:${phone}${extension === null ? '' : `;ext=${extension}`}`
  return `TEL;TYPE=VOICE${isPreferred ? ',PREF' : ''}:${phone}${extension === null ? '' : ` x${extension}`}`
}

function escaped(text: string): string {
  return text.replace(/[\\,;]/g, (sign) => `\\${sign}`).replace(/\r\n|\r|\n/g, '\\n')
}

/** A line in pieces of at most 75 bytes, each but the first behind a blank; no character is cut. */
function folded(line: string): string {
  if (Buffer.byteLength(line) <= 75) return line
  const pieces: string[] = []
  let [piece, size] = ['', 0]
  for (const sign of line) {
    const bytes = Buffer.byteLength(sign)
    if (size + bytes > 75) {
      pieces.push(piece)
      piece = ' '
      size = 1
    }
    piece += sign
    size += bytes
  }
  return [...pieces, piece].join('\r\n')
}
