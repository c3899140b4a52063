import { InvalidInput } from '../../kernel/errors.ts'
import { shorten, textFault } from '../../kernel/text.ts'
import type { ContactInput } from '../contacts/rules.ts'

/** What a column of an upload becomes. */
export type Target =
  | { readonly kind: 'field'; readonly field: keyof ContactInput }
  /** Read as a country where it holds a country's code, kept as a custom attribute where it holds something else. */
  | { readonly kind: 'country' }
  | { readonly kind: 'attribute'; readonly name: string }
  /** Of a contact that was exported, and not to be decided by whoever uploads it. */
  | { readonly kind: 'ignored' }

export interface Column {
  /** As the upload writes it. */
  readonly name: string
  readonly target: Target
}

/** What stands in front of the columns of a `skipped.csv`; an upload that begins with it is such a file, corrected. */
export const reasonColumns = ['row_number', 'reason_code', 'field', 'value', 'message'] as const

/** The names of an export's columns that say how a contact came to be. Only in this very spelling: `Source` may be anybody's. */
const readOnly = new Set(['id', 'is_blocked', 'source', 'created_at', 'updated_at'])

/** Names of other tools for our fields, without case, spaces and punctuation. */
const fieldNames: Readonly<Record<keyof ContactInput, string>> = {
  phone:
    'phone phonenumber telephone telephonenumber tel mobile mobilephone mobilenumber mobilephonenumber cell cellphone cellphonenumber primaryphone phone1value ' +
    'businessphone workphone homephone msisdn',
  phoneExtension: 'phoneextension extension ext phoneext',
  email: 'email emailaddress mail mailaddress primaryemail emailaddress1 email1value workemail',
  firstName: 'firstname givenname forename fname',
  lastName: 'lastname familyname surname lname',
  displayName: 'displayname fullname name contactname',
  company: 'company companyname organization organisation organizationname organisationname organization1name accountname employer',
  countryCode: 'countrycode countryiso countryisocode',
  timezone: 'timezone tz timezonename',
  language: 'language languagecode preferredlanguage lang',
  lifecycleStage: 'lifecyclestage lifecycle stage',
  tags: 'tags tag labels label',
  customAttributes: 'customattributes metadata',
}

const fieldsByName = new Map<string, keyof ContactInput>(
  Object.entries(fieldNames).flatMap(([field, names]) =>
    // proof: Object.entries gives the keys of the record
    names.split(' ').map((name): [string, keyof ContactInput] => [name, field as keyof ContactInput]),
  ),
)

/** The most columns that an upload can have. */
const maxColumns = 1000

/** What becomes of a column of that name. */
export function targetOf(name: string): Target {
  if (readOnly.has(name)) return { kind: 'ignored' }
  const plain = plainName(name)
  if (plain === 'country') return { kind: 'country' }
  const field = fieldsByName.get(plain)
  return field === undefined ? { kind: 'attribute', name } : { kind: 'field', field }
}

/**
 * Accepts the header of a file.
 * @throws InvalidInput if two columns have one name, a name cannot be kept, or no column can hold a phone number or an email address
 */
export function parseHeader(cells: readonly string[]): Column[] {
  const columns = cells.map((cell, index) => parseColumn(cell.trim() || `Column ${index + 1}`))
  requireFewColumns(columns.length)
  const seen = new Map<string, string>()
  for (const { name } of columns) {
    const twin = seen.get(plainName(name))
    if (twin !== undefined && plainName(name) !== '') {
      throw new InvalidInput(`The header has two columns of one name: ${shorten(twin)} and ${shorten(name)}.`, {
        field: 'csv',
        value: shorten(name),
        expected: 'every column once',
      })
    }
    seen.set(plainName(name), name)
  }
  if (!columns.some(({ target }) => target.kind === 'field' && (target.field === 'phone' || target.field === 'email'))) {
    throw new InvalidInput('The header has no column for a phone number or an email address; its first line must name the columns.', {
      field: 'csv',
      value: shorten(cells.join(', ')),
      expected: 'a column called phone or email, among others',
    })
  }
  return columns
}

/** Whether a file is a `skipped.csv` that comes back: what stands in front of its columns is ours, and not read. */
export function isSkippedFile(cells: readonly string[]): boolean {
  return reasonColumns.every((name, index) => cells[index] === name)
}

/** Accepts the name of one column. @throws InvalidInput */
export function parseColumn(name: string): Column {
  const fault = textFault(name, { max: 200 })
  if (fault === null) return { name, target: targetOf(name) }
  throw new InvalidInput(`The name of a column ${fault.is}.`, { field: 'columns', value: shorten(name), expected: fault.expected })
}

/** @throws InvalidInput for more columns than an upload can have */
export function requireFewColumns(count: number): void {
  if (count <= maxColumns) return
  throw new InvalidInput(`The upload has more than ${maxColumns.toLocaleString('en')} different columns.`, {
    field: 'columns',
    expected: `at most ${maxColumns.toLocaleString('en')} columns`,
  })
}

/** Without regard to case, spaces, underscores and punctuation. */
function plainName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}
