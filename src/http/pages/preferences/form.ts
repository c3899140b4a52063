import type { PreferenceEdit, PreferenceEdits } from '../../../domain/preference-links/commands.ts'
import { channels } from '../../../kernel/channels.ts'
import { mediaTypeOf } from '../../request-body.ts'

/** What was sent to a page. */
export interface Posted {
  /** The fields of a form that was sent in one of the two ways in which browsers send forms; null for anything else. */
  readonly form: FormData | null
  /** Whether it is the request of RFC 8058, which mail clients send. */
  readonly isOneClick: boolean
}

const formTypes = ['application/x-www-form-urlencoded', 'multipart/form-data']

/** Reads what was posted. */
export async function postedOf(contentType: string, body: Uint8Array<ArrayBuffer>): Promise<Posted> {
  const isForm = formTypes.includes(mediaTypeOf(contentType))
  const form = isForm ? await new Response(body, { headers: { 'Content-Type': contentType } }).formData().catch(() => null) : null
  return { form, isOneClick: form === null ? isOneClickText(contentType, new TextDecoder().decode(body)) : isOneClick(form) }
}

/** Programs end lines where the RFC has no end of a line. */
function isOneClick(form: Pick<FormData, 'get'>): boolean {
  const value = form.get('List-Unsubscribe')
  return typeof value === 'string' && value.trim().toLowerCase() === 'one-click'
}

/** What no parser of forms reads: the RFC's own example, whose boundary has two hyphens less than its parts, and bodies without the type of a form. */
function isOneClickText(contentType: string, text: string): boolean {
  if (mediaTypeOf(contentType) === 'multipart/form-data')
    return /\bname="?List-Unsubscribe"?\r?\n(?:[^\r\n]+\r?\n)*\r?\nOne-Click\r?\n/i.test(text)
  return ['', 'text/plain', 'application/octet-stream'].includes(mediaTypeOf(contentType)) && isOneClick(new URLSearchParams(text.trim()))
}

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
