import { z } from '@hono/zod-openapi'
import { getContact } from '../../domain/contacts/queries.ts'
import { actions, reasonCodes } from '../../domain/next-best-action/candidate.ts'
import { nextBestActionsByContact } from '../../domain/next-best-action/queries.ts'
import { modelName, type Suggestion } from '../../domain/next-best-action/rules.ts'
import { channels } from '../../kernel/channels.ts'
import { parseId } from '../../kernel/ids.ts'
import { endpoint } from './endpoint.ts'
import { contactIdParams } from './fields.ts'

export const suggestionSchema = z
  .object({
    id: z
      .string()
      .openapi({ description: 'Names contact, action, channel and subject: the same id when the suggestion is computed again.' }),
    action: z.enum(actions),
    channel: z.enum(channels).nullable().openapi({ description: 'Null for waiting, and for an open item that no channel may answer.' }),
    category: z
      .enum(['marketing', 'service', 'transactional'])
      .nullable()
      .openapi({ description: 'As what a message is sent; null without a channel.' }),
    score: z
      .number()
      .openapi({ description: 'The expected value in points, 0 to 100: a question that waits for days is worth about 100.' }),
    confidence: z.number().min(0).max(1),
    reasons: z
      .array(z.object({ code: z.enum(reasonCodes), message: z.string(), weight: z.number() }))
      .openapi({ description: 'How the score came about; the weights add up to it.' }),
    suggested_at: z.iso.datetime().openapi({ description: 'When to do it: the send decision allows it then.' }),
    expires_at: z.iso.datetime(),
    about: z
      .object({ kind: z.enum(['message', 'call', 'ticket']), subject_id: z.string(), title: z.string().nullable() })
      .nullable()
      .openapi({ description: 'The message, call or ticket that waits; null for an idea of the organization.' }),
  })
  .openapi('Suggestion')

const nextBestActionSchema = z
  .object({
    contact_id: z.string(),
    generated_at: z.iso.datetime(),
    model: z.string().openapi({ description: 'The model and its version.' }),
    suggestions: z
      .array(suggestionSchema)
      .openapi({ description: 'Best first; at most one for each action and subject. What was done, dismissed or snoozed is left out.' }),
  })
  .openapi('NextBestAction')

/** A suggestion in REST's spelling. */
export function presentSuggestion(suggestion: Suggestion): z.input<typeof suggestionSchema> {
  const { about } = suggestion
  return {
    id: suggestion.id,
    action: suggestion.action,
    channel: suggestion.channel,
    category: suggestion.category,
    score: suggestion.score,
    confidence: suggestion.confidence,
    reasons: [...suggestion.reasons],
    suggested_at: suggestion.suggestedAt.toISOString(),
    expires_at: suggestion.expiresAt.toISOString(),
    about: about === null ? null : { kind: about.kind, subject_id: about.subjectId, title: about.title },
  }
}

export const readNextBestAction = endpoint({
  operation: 'getNextBestAction',
  summary: 'What to do next about a contact',
  description: 'A scoring model that explains itself. It never suggests what the send decision refuses at that time.',
  tag: 'Next best action',
  scope: 'contacts:read',
  params: contactIdParams,
  replies: { 200: nextBestActionSchema },
  async handle(context, { params }) {
    const contact = await getContact(context, parseId('contact', params.id))
    const suggestions = (await nextBestActionsByContact(context, [contact])).get(contact.id) ?? []
    const generated = { contact_id: contact.id, generated_at: context.now().toISOString(), model: modelName }
    return { status: 200, data: { ...generated, suggestions: suggestions.map(presentSuggestion) } }
  },
})
