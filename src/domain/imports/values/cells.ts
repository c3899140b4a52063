import { placeholders } from '../../../kernel/placeholders.ts'

/** Characters that a cell can have around its text without saying anything: blanks of every kind, and invisible characters. */
const unseen = '\\s\\u00a0\\u00ad\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff'
const around = new RegExp(`^[${unseen}]+|[${unseen}]+$`, 'g')
const unusual = /[\u00a0\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|^=|^\s|\s$/

/** A cell's text without what surrounds it; a spreadsheet's `="+49 30"`, which keeps it from being read as a number, is that text. */
export function cleanText(cell: string): string {
  if (!unusual.test(cell)) return cell
  const text = cell.replace(around, '')
  const formula = /^="((?:[^"]|"")*)"$/.exec(text)
  return formula === null ? text : (formula[1] ?? '').replaceAll('""', '"').replace(around, '')
}

/** Words that say the same where a phone number, an address or one of a set of values belongs, though not in a text of any kind. */
const nothingKnown = new Set(
  'none nil (none) unknown not known not available not provided not specified no email no phone noemail keine keine angabe unbekannt aucun inconnu ninguno desconocido nenhum nessuno geen brak . .. ... ? ?? x xx 0'
    .split(' ')
    .concat([
      'not available',
      'not provided',
      'not specified',
      'no email',
      'no phone',
      'keine angabe',
      'not known',
      'sin datos',
      'non renseigné',
    ]),
)

/** Whether a text only says that there is no value. */
export function isPlaceholder(text: string): boolean {
  if (text.length > 9) return false
  // Null and Nan are names, while NULL and nan are not.
  if (text === 'Null' || text === 'Nan') return false
  return placeholders.has(text.toLowerCase())
}

/** The same for a cell that is to be understood, where more words say that there is nothing. */
export function isPlaceholderOfValue(text: string): boolean {
  if (text.length > 15) return false
  const lower = text.toLowerCase()
  return placeholders.has(lower) || nothingKnown.has(lower)
}

/** Whether a cell says nothing at all, however it says so. */
export function isEmpty(cell: unknown): boolean {
  if (cell === undefined || cell === null) return true
  if (typeof cell === 'string') return cell === '' || cleanText(cell) === ''
  if (Array.isArray(cell)) return cell.length === 0
  return false
}

/** What JSON has in a cell, as far as it begins like a list or an object; undefined if it is not JSON. */
export function parseJsonCell(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A single line of a text that stands on several, or has tabs in it; without characters that cannot be seen and that no stored text has. */
export function oneLine(text: string): string {
  if (!/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/.test(text)) return text
  return text
    .replace(/\s*[\t\r\n\v\f\u0085\u2028\u2029]+\s*/g, ' ')
    .replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
}
