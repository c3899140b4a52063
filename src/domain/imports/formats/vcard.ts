import { InvalidInput } from '../../../kernel/errors.ts'

/** One line of a vCard: its name, its parameters and its value as it is written. */
interface Property {
  readonly group: string
  readonly name: string
  readonly types: readonly string[]
  readonly isQuotedPrintable: boolean
  readonly value: string
}

/** A card as a row: its values by names of columns that are recognized like those of any file. */
export type CardRow = Readonly<Record<string, unknown>>

/**
 * Reads the cards of a vCard file of version 2.1, 3.0 or 4.0. @throws InvalidInput if there is none
 */
export function readCards(text: string): CardRow[] {
  const lines = unfold(text)
  const cards: CardRow[] = []
  let properties: Property[] | null = null
  for (const line of lines) {
    if (/^BEGIN:VCARD\s*$/i.test(line)) properties = []
    else if (/^END:VCARD\s*$/i.test(line)) {
      if (properties !== null) cards.push(rowOf(properties))
      properties = null
    } else {
      const property = parseLine(line)
      if (property !== null) properties?.push(property)
    }
  }
  if (cards.length === 0) throw new InvalidInput('The file has no complete vCard.', { field: 'file', expected: 'BEGIN:VCARD … END:VCARD' })
  return cards
}

/** The lines of a file, with those joined that were folded, or broken within quoted-printable text. */
function unfold(text: string): string[] {
  const joined = text.replace(/^\uFEFF/, '').replace(/(?:\r\n|\r|\n)[ \t]/g, '')
  const lines: string[] = []
  for (const line of joined.split(/\r\n|\r|\n/)) {
    const last = lines.at(-1)
    const isContinued = last !== undefined && /^[^:]*QUOTED-PRINTABLE[^:]*:/i.test(last) && last.endsWith('=')
    if (isContinued) lines[lines.length - 1] = last.slice(0, -1) + line
    else lines.push(line)
  }
  return lines
}

function parseLine(line: string): Property | null {
  const parts = /^(?:([\w-]+)\.)?([\w-]+)((?:;(?:[^:;"]|"[^"]*")*)*):(.*)$/s.exec(line)
  if (parts === null) return null
  const [, group = '', name = '', parameters = '', value = ''] = parts
  const given = parameters.split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/).slice(1)
  const types = given.flatMap((parameter) => {
    const [key = '', ...rest] = parameter.split('=')
    // In version 2.1 a type stands for itself: TEL;CELL.
    if (rest.length === 0) return [key]
    const upper = key.toUpperCase()
    if (upper === 'PREF') return rest[0] === '1' ? ['PREF'] : []
    return upper === 'TYPE' ? rest.join('=').replaceAll('"', '').split(',') : []
  })
  return {
    group: group.toLowerCase(),
    name: name.toUpperCase(),
    types: types.map((type) => type.trim().toUpperCase()),
    isQuotedPrintable: /QUOTED-PRINTABLE/i.test(parameters),
    value,
  }
}

function textOf({ value, isQuotedPrintable }: Property): string {
  return isQuotedPrintable ? ofQuotedPrintable(value) : value
}

function ofQuotedPrintable(value: string): string {
  const bytes: number[] = []
  for (const part of value.split(/(=[0-9A-F]{2})/i)) {
    if (/^=[0-9A-F]{2}$/i.test(part)) bytes.push(Number.parseInt(part.slice(1), 16))
    else bytes.push(...Buffer.from(part))
  }
  const buffer = Buffer.from(bytes)
  const text = buffer.toString('utf8')
  return text.includes('\uFFFD') ? buffer.toString('latin1') : text
}

/** The parts of a value, with a semicolon between. */
function partsOf(property: Property): string[] {
  return textOf(property)
    .split(/(?<!\\);/)
    .map(unescaped)
}

function unescaped(text: string): string {
  return text.replace(/\\([nN,;:\\])/g, (_match, sign: string) => (sign.toLowerCase() === 'n' ? '\n' : sign)).trim()
}

/** Columns whose value is the text of a property. */
const textColumns: Readonly<Record<string, string>> = {
  TITLE: 'Job Title',
  ROLE: 'Role',
  NOTE: 'Notes',
  BDAY: 'Birthday',
  NICKNAME: 'Nickname',
  URL: 'Website',
  TZ: 'Time Zone',
  LANG: 'Language',
  GENDER: 'Gender',
  UID: 'UID',
  'X-LIFECYCLE-STAGE': 'Lifecycle Stage',
}

function rowOf(properties: readonly Property[]): CardRow {
  const row = new Map<string, unknown>()
  const add = (column: string, value: string, isPreferred = false) => {
    if (value === '') return
    const there = row.get(column)
    if (there === undefined) row.set(column, value)
    else {
      const list: unknown[] = Array.isArray(there) ? there : [there]
      row.set(column, isPreferred ? [value, ...list] : [...list, value])
    }
  }
  const labels = new Map(
    properties.flatMap((property) => (property.name === 'X-ABLABEL' ? [[property.group, textOf(property)] as const] : [])),
  )
  for (const property of properties) addProperty(add, property, labels.get(property.group) ?? '')
  return Object.fromEntries(row)
}

function addProperty(add: (column: string, value: string, isPreferred?: boolean) => void, property: Property, label: string): void {
  const { name, types } = property
  const isPreferred = types.includes('PREF')
  switch (name) {
    case 'FN':
      return add('Full Name', unescaped(textOf(property)))
    case 'N': {
      const [last = '', first = '', middle = ''] = partsOf(property)
      add('First Name', first)
      add('Last Name', last)
      return add('Middle Name', middle)
    }
    case 'ORG':
      return add('Company', partsOf(property)[0] ?? '')
    case 'TEL':
      return add(phoneColumn(types, label), unescaped(textOf(property)).replace(/^tel:/i, ''), isPreferred)
    case 'EMAIL':
      return add(emailColumn(types), unescaped(textOf(property)).replace(/^mailto:/i, ''), isPreferred)
    case 'ADR':
      return add(types.includes('WORK') ? 'Work Country' : 'Country', partsOf(property)[6] ?? '')
    case 'CATEGORIES':
      for (const tag of textOf(property).split(/(?<!\\),/)) add('Categories', unescaped(tag))
      return undefined
    default: {
      const column = textColumns[name]
      return column === undefined ? undefined : add(column, unescaped(textOf(property)))
    }
  }
}

function phoneColumn(types: readonly string[], label: string): string {
  if (types.includes('FAX') || types.includes('PAGER') || /fax|pager/i.test(label)) return 'Fax'
  if (types.some((type) => type === 'CELL' || type === 'IPHONE') || /mobile|iphone|cell|handy|portable/i.test(label)) return 'Mobile Phone'
  if (types.includes('PREF') || types.includes('MAIN')) return 'Phone'
  if (types.includes('WORK')) return 'Work Phone'
  return types.includes('HOME') ? 'Home Phone' : 'Phone'
}

function emailColumn(types: readonly string[]): string {
  if (types.includes('PREF')) return 'Email'
  if (types.includes('WORK')) return 'Work Email'
  return types.includes('HOME') ? 'Home Email' : 'Email'
}
