import type { RowReason } from '../../../data/sql/import-rows.ts'
import type { DomainError } from '../../../kernel/errors.ts'
import { shorten, snakeCase } from '../../../kernel/text.ts'

/** A fault of a row, with the column that it stands in. */
export interface Fault extends RowReason {
  /** Orders the faults of a row like its columns. */
  readonly index: number
}

interface FaultParts {
  readonly code: string
  readonly message: string
  /** The column's own name; a field's name where no column has it. */
  readonly column: string | null
  readonly index: number
  readonly value: unknown
  readonly expected: string | null
}

export function faultOf({ code, message, column, index, value, expected }: FaultParts): Fault {
  return {
    reasonCode: code,
    field: column === null ? null : storable(column),
    value: value === undefined || value === null ? null : storable(shorten(typeof value === 'string' ? value : JSON.stringify(value))),
    message: storable(message),
    expected,
    index,
  }
}

/** A refusal as a fault of a row. @param column the column that the refused value stands in; null to name the field itself */
export function faultOfError(error: DomainError, column: { readonly name: string; readonly index: number } | null): Fault {
  const { field, value, expected } = error.details
  return faultOf({
    code: error.code,
    message: error.message,
    column: column?.name ?? (field === undefined ? null : snakeCase(field)),
    index: column?.index ?? Number.MAX_SAFE_INTEGER,
    value,
    expected: expected ?? null,
  })
}

/** A refusal as the only reason why a row is skipped. */
export function reasonOf(error: DomainError): RowReason {
  const { index: _index, ...reason } = faultOfError(error, null)
  return reason
}

/** All the faults of a row as one reason: the first, and the others behind it. */
export function reasonOfAll(faults: readonly Fault[]): RowReason {
  const [first, ...others] = faults.toSorted((one, other) => one.index - other.index).map(({ index: _index, ...reason }) => reason)
  if (first === undefined) throw new TypeError('A row without faults has no reason to be skipped.')
  return others.length === 0 ? first : { ...first, further: others }
}

/** A text that PostgreSQL can keep: neither NUL nor half a character is among what it stores. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD')
}
