import { isJsonObject } from '../../../kernel/json.ts'
import { cleanText, isPlaceholderOfValue, parseJsonCell } from './cells.ts'

const unseen = /[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g

/** A phone number or an email address of a cell, with what JSON says about it. */
export interface FoundAddress {
  readonly text: string
  /** What the number or the address is for, such as "work"; null if the cell does not say. */
  readonly label: string | null
  /** Whether the cell names it as the primary one or as another one; null if it does not say. */
  readonly isPrimary: boolean | null
}

/** The texts of a cell that holds one value or a list of them: JSON's list, objects with a value, or a text. */
function textsOf(cell: unknown, keys: readonly string[]): FoundAddress[] {
  if (typeof cell === 'string') {
    const json = parseJsonCell(cell)
    return json === undefined ? [{ text: cell, label: null, isPrimary: null }] : textsOf(json, keys)
  }
  if (typeof cell === 'number') return [{ text: String(cell), label: null, isPrimary: null }]
  if (Array.isArray(cell)) return cell.flatMap((item) => textsOf(item, keys))
  if (!isJsonObject(cell)) return []
  const value = keys.map((name) => cell[name]).find((item) => typeof item === 'string' || typeof item === 'number')
  if (value === undefined) return 'data' in cell ? textsOf(cell['data'], keys) : []
  const prefix = cell['callingCode'] ?? cell['calling_code'] ?? ''
  const text = String(value)
  const hasPrefix = typeof prefix === 'string' && prefix !== '' && !text.startsWith('+')
  const full = hasPrefix ? `${prefix.startsWith('+') ? '' : '+'}${prefix} ${text}` : text
  const { extension, label } = cell
  const primary = cell['is_primary'] ?? cell['isPrimary']
  return [
    {
      text: typeof extension === 'string' && /^\d+$/.test(extension) ? `${full} x${extension}` : full,
      label: typeof label === 'string' && label.trim() !== '' ? label.trim() : null,
      isPrimary: typeof primary === 'boolean' ? primary : null,
    },
  ]
}

/** The phone numbers of a cell, in their order: one, or a list with `:::`, `;`, `|` or line ends between, or JSON. */
export function phonesOf(cell: unknown): FoundAddress[] {
  return textsOf(cell, ['value', 'number', 'phone', 'phone_number', 'phoneNumber', 'primaryPhoneNumber'])
    .flatMap((found) => splitPhones(found.text).map((text) => ({ ...found, text: cleanPhone(text) })))
    .filter(({ text }) => text !== '' && !isPlaceholderOfValue(text))
}

function splitPhones(text: string): string[] {
  if (!/:::|[;|\n\r,/]/.test(text)) return [text]
  // What is shorter than a number is the extension of the one in front: "+49 30 901820;12".
  return text.split(
    /\s*(?::::|[|\n\r]+|;(?!\s*(?:(?:ext|x|extension)\b\.?\s*[=:]?\s*)?\d{1,5}\s*(?:;|$))|,(?=\s*[+(]?\d[\d\s().-]{6,})|\s\/\s(?=[+(0]))\s*/,
  )
}

/** A number without what spreadsheets and forms put around it. */
function cleanPhone(given: string): string {
  const text = cleanText(given).replace(unseen, '')
  if (/^\+?[\d ()-]+$/.test(text)) return text
  return text
    .replace(/^['’]+(?=[\d+(])/, '')
    .replace(/^(\+?\d{6,})\.0+$/, '$1')
    .replace(/^p:\s*(?=[+\d])/i, '')
    .replace(/^(?:mobile?|cell|phone|tel|telefon|work|home|office|handy)\s*:\s*(?=[+\d(])/i, '')
    .trim()
}

/** Whether a number was written by a spreadsheet with an exponent: the digits behind it are lost. */
export function isRounded(text: string): boolean {
  return /^\s*\d(?:[.,]\d+)?E\+?\d+\s*$/i.test(text)
}

/** An email address, and the name that stood beside it. */
export interface FoundEmail extends FoundAddress {
  readonly name: string | null
}

/** The email addresses of a cell, in their order: one, or a list; `Ana <ana@example.com>` has a name beside its address. */
export function emailsOf(cell: unknown): FoundEmail[] {
  return textsOf(cell, ['value', 'email', 'address', 'email_address', 'emailAddress', 'primaryEmail'])
    .flatMap((found) => splitEmails(found.text).map((text) => ({ ...found, ...readEmail(text) })))
    .filter(({ text }) => text !== '' && !isPlaceholderOfValue(text))
}

function splitEmails(text: string): string[] {
  // An address has one "at": where there are several, or something that separates, it is a list.
  const parts = text.split(/\s*(?::::|[;,|\n\r]+)\s*/)
  const isList = parts.length > 1 && parts.filter((part) => part.includes('@') || part.includes('\uff20')).length > 1
  if (isList) return parts.flatMap((part) => splitEmails(part))
  const words = text.trim().split(/\s+/)
  if (words.length > 1 && words.every((word) => /^[^<>@"]+@[^<>@"]+$/.test(word))) return words
  return [text]
}

function readEmail(given: string): Pick<FoundEmail, 'text' | 'name'> {
  const text = cleanText(given).replace(unseen, '').replaceAll('\uff20', '@')
  const named = /^(.*?)\s*<\s*([^<>]*)\s*>[\s;,.]*$/.exec(text)
  const written = named === null ? text : (named[2] ?? '')
  const isLink = /^mailto:/i.test(written)
  const bare = (isLink ? written.slice(7).replace(/\?.*$/, '') : written).replace(/^'+(?=\S+@)|[\s;,]+$/g, '').replace(/\s*@\s*/, '@')
  // A full stop behind an address ends the sentence in which it stood.
  const address = /[^.]\.$/.test(bare) ? bare.slice(0, -1) : bare
  const name = named?.[1]?.replace(/^["']+|["']+$/g, '').trim() ?? ''
  return { text: address, name: name === '' ? null : name }
}
