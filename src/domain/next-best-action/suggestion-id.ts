import type { Channel } from '../../data/generated/client.ts'
import { channels } from '../../kernel/channels.ts'
import { idKind, idPrefixes, parseId } from '../../kernel/ids.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { type Action, actions } from './candidate.ts'

/** What makes a suggestion the same one when it is computed again. */
export interface SuggestionKey {
  readonly contactId: string
  readonly action: Action
  readonly channel: Channel | null
  /** The message, call or ticket that it is about; null for an idea of the organization. */
  readonly subjectId: string | null
}

/** The id of a suggestion: it is never stored, and holds what is needed to compute it again. */
export function suggestionId({ contactId, action, channel, subjectId }: SuggestionKey): string {
  const text = [contactId, action, channel ?? '', subjectId ?? ''].join('.')
  return `${idPrefixes.suggestion}_${Buffer.from(text).toString('base64url')}`
}

/** Reads the id of a suggestion. @throws InvalidInput for any other text */
export function parseSuggestionId(id: string, field = 'id'): SuggestionKey {
  parseId('suggestion', id, field)
  const text = Buffer.from(id.slice(idPrefixes.suggestion.length + 1), 'base64url').toString('utf8')
  const [contactId = '', action = '', channel = '', subjectId = '', ...rest] = text.split('.')
  const isSubject = ['message', 'call', 'ticket'].includes(idKind(subjectId) ?? '')
  const known = { action: actions.find((one) => one === action), channel: channels.find((one) => one === channel) }
  const key =
    known.action !== undefined && (channel === '' || known.channel !== undefined) && (subjectId === '' || isSubject) && rest.length === 0
      ? { contactId, action: known.action, channel: known.channel ?? null, subjectId: subjectId === '' ? null : subjectId }
      : null
  if (key !== null && suggestionId(key) === id) return { ...key, contactId: parseId('contact', contactId, field) }
  throw new InvalidInput('This is not the id of a suggestion.', {
    field,
    value: id.slice(0, 120),
    expected: 'the id of a suggestion as it was returned',
  })
}
