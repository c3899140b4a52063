import type { ChannelName } from '../../kernel/channels.ts'
import { placeholders, systemGroups } from '../../kernel/placeholders.ts'
import { Prisma } from '../generated/client.ts'
import { type ContactMatch, contactsMatching } from './contacts-matching.ts'
import { addressesAsJson, type AddressList, addressLists, furtherAddresses, joinAddresses } from './export-addresses.ts'
import { preferenceOnChannel, preferencesAsJson } from './export-preferences.ts'

/** What of a contact can be exported: whether it may need quotes in CSV, its value, and its text in CSV where that is another. */
const columns = {
  id: plain(Prisma.sql`c.id`),
  phone: plain(Prisma.sql`c.phone`),
  phone_extension: plain(Prisma.sql`nullif(c.phone_extension, '')`),
  email: text(Prisma.sql`c.email`),
  first_name: text(Prisma.sql`c.first_name`),
  last_name: text(Prisma.sql`c.last_name`),
  display_name: text(Prisma.sql`c.display_name`),
  company: text(Prisma.sql`c.company`),
  country_code: plain(Prisma.sql`c.country_code`),
  timezone: plain(Prisma.sql`c.timezone`),
  language: plain(Prisma.sql`c.language`),
  lifecycle_stage: plain(Prisma.sql`c.lifecycle_stage::text`),
  tags: { value: Prisma.sql`c.tags`, csv: tagList },
  custom_attributes: {
    value: Prisma.sql`c.custom_attributes`,
    csv: () => Prisma.sql`case when c.custom_attributes <> '{}' then '"' || replace(c.custom_attributes::text, '"', '""') || '"' end`,
  },
  is_blocked: { value: Prisma.sql`c.blocked_at is not null`, csv: () => Prisma.sql`(c.blocked_at is not null)::text` },
  source: plain(Prisma.sql`c.source::text`),
  created_at: plain(timestamp(Prisma.sql`c.created_at`)),
  updated_at: plain(timestamp(Prisma.sql`c.updated_at`)),
} satisfies Readonly<Record<string, Column>>

interface Column {
  readonly value: Prisma.Sql
  /** The cell in CSV, with what separates cells. */
  readonly csv: (delimiter: Delimiter) => Prisma.Sql
}

export type Delimiter = ',' | ';' | '\t'

/** The name of a column, one custom attribute by its key, or what holds on all channels or on one. */
export type ExportColumn = keyof typeof columns | AddressList | 'preferences' | `preferences.${ChannelName}` | `custom_attributes.${string}`

// proof: the keys of the table are its names
export const exportColumns = [
  ...(Object.keys(columns) as (keyof typeof columns)[]),
  ...(Object.keys(addressLists) as AddressList[]),
  'preferences',
] as const

/** What an export is sorted by; the id decides between equals. */
const orders = {
  created_at: Prisma.sql`c.created_at`,
  updated_at: Prisma.sql`c.updated_at`,
  name: Prisma.sql`c.name_key`,
  company: Prisma.sql`lower(c.company)`,
  email: Prisma.sql`c.email_key`,
} satisfies Readonly<Record<string, Prisma.Sql>>

// proof: the keys of the table are its names
export const exportOrders = Object.keys(orders) as (keyof typeof orders)[]

export interface ExportOrder {
  readonly by: keyof typeof orders
  readonly isDescending: boolean
}

/** Which contacts are exported, and in which order. */
export interface ExportScope {
  readonly organizationId: string
  readonly match: ContactMatch
  readonly order: ExportOrder
}

const attributePrefix = 'custom_attributes.'
const preferencePrefix = 'preferences.'

function columnOf(name: ExportColumn, organizationId: string): Column {
  if (name === 'preferences') {
    const value = preferencesAsJson(organizationId)
    return { value: Prisma.sql`coalesce(${value}, '{}')`, csv: () => anyText(Prisma.sql`(${value}::text)`) }
  }
  if (isAddressList(name)) return { value: addressesAsJson(name), csv: () => anyText(furtherAddresses(name)) }
  if (name.startsWith(preferencePrefix)) {
    // proof: a name with this prefix ends with a channel
    return plain(preferenceOnChannel(organizationId, name.slice(preferencePrefix.length) as ChannelName))
  }
  // proof: a name without any prefix is a key of the table
  if (!name.startsWith(attributePrefix)) return columns[name as keyof typeof columns]
  const key = name.slice(attributePrefix.length)
  return { value: Prisma.sql`c.custom_attributes -> ${key}`, csv: () => anyText(Prisma.sql`(c.custom_attributes ->> ${key})`) }
}

function isAddressList(name: ExportColumn): name is AddressList {
  return Object.hasOwn(addressLists, name)
}

/** The contacts that match, each as a record of CSV: `line`, with its line end. The database writes it, and it is sent unchanged. */
export function contactRecords(scope: ExportScope, names: readonly ExportColumn[], delimiter: Delimiter): Prisma.Sql {
  const cells = names.map((name) => Prisma.sql`coalesce(${columnOf(name, scope.organizationId).csv(delimiter)}, '')`)
  const record = Prisma.join(cells, ` || ${literal(delimiter)} || `)
  // A record of one empty cell would be an empty line, which readers leave out.
  const line = names.length === 1 ? Prisma.sql`coalesce(nullif(${record}, ''), '""')` : record
  return linesOf(scope, names, Prisma.sql`${line} || E'\\r\\n'`)
}

/** The same contacts, each as an object of JSON. @param before what stands in front of each, @param after what stands behind */
export function contactObjects(
  scope: ExportScope,
  names: readonly ExportColumn[],
  around: { readonly before: string; readonly after: string },
): Prisma.Sql {
  const object = Prisma.sql`(${objectOf(names, scope.organizationId)})`
  return linesOf(scope, names, Prisma.sql`${around.before}::text || ${object} || ${around.after}::text`)
}

/** Names of attributes may be longer than those of columns can be: `json_object_agg` takes any, and is slower. */
function objectOf(names: readonly ExportColumn[], organizationId: string): Prisma.Sql {
  const isPlain = names.every((name) => !name.includes('.'))
  if (isPlain) {
    const values = names.map((name) => Prisma.sql`${columnOf(name, organizationId).value} as ${Prisma.raw(name)}`)
    return Prisma.sql`select row_to_json(o)::text from (select ${Prisma.join(values)}) o`
  }
  const pairs = names.map((name, index) => Prisma.sql`(${index}::int, ${name}::text, to_json(${columnOf(name, organizationId).value}))`)
  return Prisma.sql`select json_object_agg(o.name, o.value order by o.position)::text from (values ${Prisma.join(pairs)}) o(position, name, value)`
}

function linesOf({ organizationId, match, order }: ExportScope, names: readonly ExportColumn[], line: Prisma.Sql): Prisma.Sql {
  const direction = Prisma.raw(order.isDescending ? 'desc' : 'asc')
  return Prisma.sql`
    select ${line} as line from contacts c
    ${names.some(isAddressList) ? joinAddresses(organizationId) : Prisma.empty}
    where ${contactsMatching(organizationId, match)}
    order by ${orders[order.by]} ${direction} nulls last, c.id ${direction}`
}

/** A value without signs that mean something in CSV or to a spreadsheet. E.164 phone numbers are among them. */
function plain(value: Prisma.Sql) {
  return { value, csv: () => value }
}

function text(value: Prisma.Sql) {
  return { value, csv: (delimiter: Delimiter) => cell(value, delimiter) }
}

/** A cell as `csvRecord` of the kernel writes it, for a text that is trimmed and has no control characters. */
function cell(value: Prisma.Sql, delimiter: Delimiter): Prisma.Sql {
  const formula = Prisma.sql`${mayBeFormula(value)} and ${value} ~ '^[\\s'']*[-=+@＝＋－＠]' and ${value} !~ '^\\+[0-9]{3,15}$'`
  const guarded = Prisma.sql`case when ${formula} then '''' || ${value} else ${value} end`
  return Prisma.sql`case when ${hasNone(value, ['"', delimiter])} then ${guarded} else '"' || replace(${guarded}, '"', '""') || '"' end`
}

/** A cell for any text at all, line breaks and leading tabs included: always in quotes. */
function anyText(value: Prisma.Sql): Prisma.Sql {
  const formula = Prisma.sql`(${value} ~ '^[\\s'']*[-=+@＝＋－＠]' or ${value} ~ E'^''*[\\t\\r\\n]') and ${value} !~ '^\\+[0-9]{3,15}$'`
  return Prisma.sql`'"' || replace(case when ${formula} then '''' || ${value} else ${value} end, '"', '""') || '"'`
}

function literal(delimiter: Delimiter): string {
  return delimiter === '\t' ? "E'\\t'" : `'${delimiter}'`
}

/** Most texts begin with a letter: that is seen at once, and the rest is not asked. */
function mayBeFormula(value: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(${value} collate "C" < 'A' or ${value} collate "C" >= '！') and left(${value}, 1) = any('{=,+,-,@,＝,＋,－,＠,''}')`
}

/** Whether none of some signs is in a text: many times faster than a regular expression, and than `translate`. */
function hasNone(value: Prisma.Sql, signs: readonly string[]): Prisma.Sql {
  return Prisma.join(
    signs.map((sign) => Prisma.sql`strpos(${value}, ${Prisma.raw(sign === '\t' ? literal(sign) : `'${sign}'`)}) = 0`),
    ' and ',
  )
}

/** What makes a tag be read as several, or as something else. */
const signsOfLists = [',', ';', '|', '[', '{', '"', '\u060c', '\u061b', '\u3001', '\uff0c', '\uff1b', ':::', '* ']

/** Tags that an import of texts leaves out. */
const leftOut = [...placeholders, ...systemGroups]

/** Tags with commas between, or as JSON where a tag could be taken for several or for none. Each step is worked out once: "offset 0" keeps it apart. */
function tagList(delimiter: Delimiter): Prisma.Sql {
  return Prisma.sql`case when c.tags <> '{}' then (
    select ${cell(Prisma.sql`list.list`, delimiter)}
    from (
      select case when ${hasNone(Prisma.sql`signs.signs`, signsOfLists)} and left(signs.signs, 1) not in ('#', '''') and not c.tag_keys && ${leftOut}::text[]
        then array_to_string(c.tags, ',') else to_json(c.tags)::text end as list
      from (select array_to_string(c.tags, '') as signs offset 0) signs
      offset 0
    ) list) end`
}

function timestamp(value: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}
