import { isJsonObject } from '../../../kernel/json.ts'
import { cleanText, isPlaceholder, oneLine, parseJsonCell } from './cells.ts'

/** Groups that Google puts every contact into. */
const systemGroups = new Set(['mycontacts', 'my contacts'])

/**
 * The tags of a cell: JSON's list (of texts, or of objects with a name), a list in braces or with single quotes as databases and scripts
 * write it, texts in quotation marks, or a text with commas, semicolons, bars, `:::` or line ends between. Null if it is none of these.
 */
export function tagsOf(cell: unknown): string[] | null {
  const list = listOf(cell)
  if (list === null) return null
  return list
    .map((tag) => oneLine(cleanText(tag)).replace(/^\*\s+/, ''))
    .filter((tag) => tag !== '' && !isPlaceholder(tag) && !systemGroups.has(tag.toLowerCase()))
}

function listOf(cell: unknown): string[] | null {
  if (typeof cell === 'string') return listOfText(cleanText(cell))
  if (typeof cell === 'number') return [String(cell)]
  if (Array.isArray(cell)) {
    const names = cell.map(nameOf)
    return names.every((name) => name !== null) ? names : null
  }
  if (isJsonObject(cell)) return 'data' in cell ? listOf(cell['data']) : 'tags' in cell ? listOf(cell['tags']) : null
  return null
}

function nameOf(item: unknown): string | null {
  if (typeof item === 'string') return item
  if (typeof item === 'number') return String(item)
  if (!isJsonObject(item)) return null
  const name = ['name', 'label', 'title', 'tag', 'value', 'display_name'].map((key) => item[key]).find((value) => typeof value === 'string')
  return typeof name === 'string' ? name : null
}

function listOfText(text: string): string[] | null {
  const json = parseJsonCell(text)
  if (Array.isArray(json) || isJsonObject(json)) return listOf(json)
  // {"a","b"} and ['a', 'b'] are lists, too.
  const braced = /^[[{](.*)[\]}]$/s.exec(text)?.[1]
  const inner = braced !== undefined && /^\s*["']|^[^"':]*$/.test(braced) ? braced : text
  if (/^\s*"[^"]/.test(inner) || /^\s*""[^"]/.test(inner)) return quotedList(inner.replaceAll('""', '"'))
  if (braced !== undefined && /^\s*'/.test(inner)) return inner.split(/'\s*,\s*'/).map((tag) => tag.replace(/^\s*'|'\s*$/g, ''))
  const words = inner.split(/\s+/)
  if (words.length > 1 && words.every((word) => /^#[\p{L}\p{N}_-]+$/u.test(word))) return words.map((word) => word.slice(1))
  return inner.split(/:::|[,;|\n\r]/)
}

/** `"Newsletter","VIP, gold"`: what stands between quotation marks is one tag, commas included. */
function quotedList(text: string): string[] {
  return [...text.matchAll(/\s*(?:"([^"]*)"|([^",;|]+))\s*(?:[,;|]|$)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}
