import type { Channel } from '../../data/generated/client.ts'
import { transaction } from '../../data/transaction.ts'
import { parseChannel } from '../../kernel/channels.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { shorten } from '../../kernel/text.ts'
import { audit } from '../audit/commands.ts'
import { keywordLanguages, lettersOf, maxKeywordLength } from '../consent/keywords.ts'
import { type Context, requireScope } from '../context.ts'

/** The settings of stop and start words. Omitted ones stay unchanged. */
export interface KeywordInput {
  /** The channels on which they count: some of SMS, RCS and WhatsApp; empty switches them off. */
  readonly channels?: readonly string[] | null | undefined
  /** ISO 639-1 codes; empty: all languages that are known. */
  readonly languages?: readonly string[] | null | undefined
  /** Further words, at most 100 of each kind. */
  readonly stopWords?: readonly string[] | null | undefined
  readonly startWords?: readonly string[] | null | undefined
}

const possible: readonly Channel[] = ['sms', 'rcs', 'whatsapp']

/** Changes the stop and start words of the caller's own organization. @throws InvalidInput, InvalidChannel */
export async function updateKeywords(context: Context, { channels, languages, stopWords, startWords }: KeywordInput): Promise<void> {
  requireScope(context, 'settings:write')
  const { organizationId } = context.actor
  const data = {
    ...(Array.isArray(channels) && { keywordChannels: channels.map((name, at) => parseKeywordChannel(name, `channels.${at}`)) }),
    ...(Array.isArray(languages) && { keywordLanguages: languages.map((code, at) => parseLanguage(code, `languages.${at}`)) }),
    ...(Array.isArray(stopWords) && { stopWords: parseWords(stopWords, 'stopWords') }),
    ...(Array.isArray(startWords) && { startWords: parseWords(startWords, 'startWords') }),
  }
  const changed = Object.keys(data)
  if (changed.length === 0) return
  await transaction(context.db, async (tx) => {
    await tx.prisma.organization.update({
      where: { id: organizationId },
      data: { ...data, updatedAt: context.now() },
      select: { id: true },
    })
    await audit(tx, context, 'setting.updated', [{ id: organizationId, contactId: null }], changed)
  })
}

function parseKeywordChannel(name: string, field: string): Channel {
  const channel = parseChannel(name, field)
  if (possible.includes(channel)) return channel
  throw new InvalidInput('Stop words are not recognized on this channel.', {
    field,
    value: name,
    expected: `one of ${possible.join(', ')}`,
  })
}

function parseLanguage(code: string, field: string): string {
  const language = code.trim().toLowerCase()
  if (keywordLanguages.includes(language)) return language
  throw new InvalidInput('The stop words of this language are not known.', {
    field,
    value: shorten(code),
    expected: `one of ${keywordLanguages.join(', ')}; add words of another language as stopWords`,
  })
}

function parseWords(words: readonly string[], field: string): string[] {
  if (words.length > 100) throw new InvalidInput('These are too many words.', { field, expected: 'at most 100 words' })
  return words.map((word, at) => {
    const letters = lettersOf(word)
    if (letters !== '' && letters.length <= maxKeywordLength) return word.trim()
    throw new InvalidInput('This is not a word.', {
      field: `${field}.${at}`,
      value: shorten(word),
      expected: `1 to ${maxKeywordLength} letters`,
    })
  })
}
