import type { RowReason } from '../../data/sql/import-rows.ts'
import type { DomainError } from '../../kernel/errors.ts'
import { shorten, snakeCase } from '../../kernel/text.ts'

/** A refusal as the reason why a row was skipped; its field in the spelling of the columns. */
export function reasonOf(error: DomainError): RowReason {
  const { field, value } = error.details
  return {
    reasonCode: error.code,
    field: field === undefined ? null : storable(snakeCase(field)),
    value: value === undefined || value === null ? null : storable(shorten(typeof value === 'string' ? value : JSON.stringify(value))),
    message: storable(error.message),
  }
}

/** A text that PostgreSQL can keep: neither NUL nor half a character is among what it stores. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD')
}
