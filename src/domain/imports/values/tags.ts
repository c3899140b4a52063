import { isJsonObject } from '../../../kernel/json.ts'
import { systemGroups } from '../../../kernel/placeholders.ts'
import { cleanText, isPlaceholder, oneLine, parseJsonCell } from './cells.ts'

/**
 * The tags of a cell: JSON's list (of texts, or of objects with a name), a list in braces or with single quotes as databases and scripts
 * write it, texts in quotation marks, or a text with commas, semicolons, bars, `:::`, tabs or line ends between. Null if it is none of these.
 */
export function tagsOf(cell: unknown): string[] | null {
  const list = listOf(cell)
  if (list === null) return null
  const tags = list.map((tag) => oneLine(cleanText(tag))).filter((tag) => tag !== '')
  // A list of JSON has no need of a word that stands for nothing, or of signs in front.
  if (typeof cell !== 'string' || /^\s*\[\s*"/.test(cell)) return tags
  return tags
    .map((tag) => tag.replace(/^\*\s+/, ''))
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
  if (/^\s*'[^']*'(?:\s*[,;|]\s*'[^']*')+\s*$/.test(inner)) return inner.split(/[,;|]/).map((tag) => tag.trim().slice(1, -1))
  const words = inner.split(/\s+/)
  const tags = words.length > 1 && words.every((word) => /^#[\p{L}\p{N}_-]+$/u.test(word)) ? words : inner.split(separators)
  return tags.length > 1 && tags.every((tag) => /^\s*#\S/.test(tag)) ? tags.map((tag) => tag.trim().slice(1)) : tags
}

/** What stands between tags, in any script. */
const separators = /:::|[,;|\t\n\r\u060c\u061b\u3001\uff0c\uff1b]/

/** `"Newsletter","VIP, gold"`: what stands between quotation marks is one tag, commas included. */
function quotedList(text: string): string[] {
  return [...text.matchAll(/\s*(?:"([^"]*)"|([^",;|]+))\s*(?:[,;|]|$)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}
