import { InvalidInput } from '../../kernel/errors.ts'
import { shorten, textFault } from '../../kernel/text.ts'

export const maxTags = 100
const maxTagLength = 64

/** Accepts tags: trimmed, each once (the first spelling stays), in their order. @throws InvalidInput */
export function parseTags(tags: readonly string[]): string[] {
  const found = new Map<string, string>()
  for (const text of tags) {
    const tag = parseTag(text)
    if (!found.has(tagKey(tag))) found.set(tagKey(tag), tag)
    if (found.size > maxTags) {
      throw new InvalidInput(`A contact has at most ${maxTags} tags.`, { field: 'tags', expected: `at most ${maxTags} different tags` })
    }
  }
  return [...found.values()]
}

/** Accepts one tag, trimmed. @throws InvalidInput */
export function parseTag(text: string, field = 'tags'): string {
  const tag = text.trim()
  if (tag === '') throw new InvalidInput('A tag is empty.', { field, value: shorten(text), expected: `1 to ${maxTagLength} characters` })
  const fault = textFault(tag, { max: maxTagLength })
  if (fault !== null) throw new InvalidInput(`A tag ${fault.is}.`, { field, value: shorten(text), expected: fault.expected })
  return tag
}

/** What two spellings of one tag have in common. */
export function tagKey(tag: string): string {
  return tag.normalize('NFC').toLowerCase()
}
