import type { PreferenceEdit, PreferenceEdits } from '../../../domain/preference-links/commands.ts'
import { channels } from '../../../kernel/channels.ts'

/** The name of the field for a channel, or for a topic on it. */
export function fieldName(channel: string, topicId: string | null): string {
  return topicId === null ? channel : `${channel}.${topicId}`
}

/** The name of the field that repeats what the page showed. */
export function shownName(name: string): string {
  return `shown.${name}`
}

/**
 * What a contact changed: fields that differ from what the page showed. A field that was left unchanged says nothing, so that an old page does not
 * take back what was said since.
 */
export function editsOf(form: FormData): PreferenceEdits['edits'] {
  if (form.has('everything')) return 'everything'
  const names = [...new Set([...form.keys()].flatMap((key) => (key.startsWith('shown.') ? [key.slice('shown.'.length)] : [])))]
  return names.flatMap((name): PreferenceEdit[] => {
    const [channelName = '', topicId = null] = name.split('.')
    const channel = channels.find((known) => known === channelName)
    const shown = form.get(shownName(name))
    // A box without its mark is not sent; a channel of which nothing was chosen is not either.
    const chosen = form.get(name) ?? (topicId === null ? null : 'opted_out')
    if (channel === undefined || chosen === shown || (chosen !== 'opted_in' && chosen !== 'opted_out')) return []
    return [{ channel, topicId, state: chosen }]
  })
}
