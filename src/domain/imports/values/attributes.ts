import type { DefinedAttribute } from '../../../data/sql/attribute-definitions.ts'
import { fits } from '../../contacts/attribute-values.ts'
import { consentWord } from './consent-words.ts'
import { cleanText } from './cells.ts'
import { parseDate } from './dates.ts'

/**
 * The value of a defined attribute that a cell means: files have texts for everything. Undefined for a cell that is not understood; a list and an
 * object never are.
 */
export function readAttribute(definition: DefinedAttribute, cell: unknown): string | number | boolean | undefined {
  // proof: what fits a definition is a text, a number, true or false
  if (fits(definition, cell)) return cell as string | number | boolean
  const value = convert(definition, typeof cell === 'string' ? cleanText(cell) : cell)
  return value !== undefined && fits(definition, value) ? value : undefined
}

function convert({ type, options }: DefinedAttribute, cell: unknown): string | number | boolean | undefined {
  if (typeof cell !== 'string' && typeof cell !== 'number' && typeof cell !== 'boolean') return undefined
  switch (type) {
    case 'text':
    case 'url':
      return String(cell)
    case 'number':
      return typeof cell === 'string' ? readNumber(cell) : undefined
    case 'boolean':
      return readBoolean(String(cell))
    case 'enum':
      return readOption(options, String(cell))
    case 'date': {
      const time = parseDate(cell)?.toISOString()
      return time?.endsWith('T00:00:00.000Z') === true ? time.slice(0, 10) : undefined
    }
    case 'date_time':
      return parseDate(cell)?.toISOString()
  }
}

/** A number that is written without marks between thousands: what `1,234` is depends on the country. Digits that would be lost are not read. */
function readNumber(text: string): number | undefined {
  if (!/^[+-]?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]{1,3})?$/i.test(text) || text.replace(/e.*$|[^0-9]/gi, '').length > 15) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}

function readBoolean(text: string): boolean | undefined {
  const word = consentWord(text)
  if (word === 'yes') return true
  return word === 'no' ? false : undefined
}

function readOption(options: readonly string[], text: string): string | undefined {
  if (options.includes(text)) return text
  const alike = options.filter((option) => option.toLowerCase() === text.toLowerCase())
  return alike.length === 1 ? alike[0] : undefined
}
