/** What a job reports without leaving anything out. */
export const warningCodes = [
  'UNMAPPED_COLUMN',
  'NO_NAME_OR_PHONE',
  'VALUE_NOT_UNDERSTOOD',
  'FURTHER_VALUE',
  'ADDRESS_TAKEN',
  'CONSENT_WITHOUT_PROOF',
  'OPT_OUT_KEPT',
] as const

export type WarningCode = (typeof warningCodes)[number]

/** A warning of one row. */
export interface Warning {
  readonly code: WarningCode
  readonly column: string | null
  /** The field that the value was for, or the channel of an opt-in; null where there is none. */
  readonly field: string | null
}

/** Warnings of one kind, over all rows of a job. */
export interface WarningSummary extends Warning {
  readonly message: string
  /** How many rows it is about; null for one that is about the whole upload. */
  readonly count: number | null
  /** The first rows that it is about. */
  readonly rows: readonly number[]
}

/** Why rows were skipped, and how many: each row counts once, under its first reason. */
export interface ReasonCount {
  readonly code: string
  readonly count: number
}

/** How many rows a warning names. */
const maxRows = 5

/** How many warnings of different kinds a job keeps. */
const maxKinds = 200

/** Adds the warnings of rows to those that a job has. */
export function addWarnings(
  there: readonly WarningSummary[],
  rows: readonly { readonly rowNumber: number; readonly warnings: readonly Warning[] }[],
): readonly WarningSummary[] {
  if (rows.every(({ warnings }) => warnings.length === 0)) return there
  const kinds = new Map(there.map((warning) => [kindOf(warning), { ...warning, rows: [...warning.rows] }]))
  for (const { rowNumber, warnings } of rows) {
    for (const kind of new Map(warnings.map((warning) => [kindOf(warning), warning]))) {
      const [key, warning] = kind
      const known = kinds.get(key)
      if (known === undefined) {
        if (kinds.size < maxKinds) kinds.set(key, { ...warning, message: messageOf(warning), count: 1, rows: [rowNumber] })
      } else {
        known.count = (known.count ?? 0) + 1
        if (known.rows.length < maxRows) known.rows.push(rowNumber)
      }
    }
  }
  return [...kinds.values()]
}

/** Adds the reasons of skipped rows to those that a job has, the most frequent first. */
export function addReasons(there: readonly ReasonCount[], codes: readonly string[]): readonly ReasonCount[] {
  if (codes.length === 0) return there
  const counts = new Map(there.map(({ code, count }) => [code, count]))
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1)
  return [...counts]
    .map(([code, count]) => ({ code, count }))
    .toSorted((one, other) => other.count - one.count || (one.code < other.code ? -1 : 1))
}

function kindOf({ code, column, field }: Warning): string {
  return JSON.stringify([code, column, field])
}

/** A warning about the whole upload. */
export function uploadWarning(code: WarningCode, column: string | null): WarningSummary {
  return { code, column, field: null, message: messageOf({ code, column, field: null }), count: null, rows: [] }
}

function messageOf({ code, column, field }: Warning): string {
  const isAttribute = field?.startsWith('custom_attributes.') === true
  const what = field === null || isAttribute ? 'value' : field.replaceAll('_', ' ')
  switch (code) {
    case 'UNMAPPED_COLUMN':
      return `The column ${column} is not recognized and is kept as a custom attribute. Map it with columns, or to null to leave it out.`
    case 'NO_NAME_OR_PHONE':
      return 'The upload brings neither a name nor a phone number, only email addresses. If it has columns for these, map them with columns.'
    case 'VALUE_NOT_UNDERSTOOD':
      return isAttribute
        ? `A value of ${column} does not fit its definition and is kept as the custom attribute "${column} (not understood)".`
        : `The ${what} in ${column} was not understood and is kept as a custom attribute.`
    case 'FURTHER_VALUE':
      return `A further value in ${column} is kept as a custom attribute: its field has another one, or has no room for it.`
    case 'ADDRESS_TAKEN':
      return `The ${what} in ${column} belongs to another contact and is kept as a custom attribute.`
    case 'CONSENT_WITHOUT_PROOF':
      return `An opt-in in ${column} has no proof and is kept as a custom attribute. Map the column with the column that holds its proof.`
    case 'OPT_OUT_KEPT':
      return `The opt-in to ${what} does not replace the opt-out that is on record.`
  }
}
