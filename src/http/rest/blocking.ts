import { z } from '@hono/zod-openapi'
import type { Block } from '../../data/generated/client.ts'
import { type BlockInput, blockContact, unblockContact } from '../../domain/blocking/commands.ts'
import { blockedList, blockedPosition, blocksByContact, findBlockedContacts, findWrittenBlock } from '../../domain/blocking/queries.ts'
import type { Context } from '../../domain/context.ts'
import { getWrittenContact } from '../../domain/contacts/queries.ts'
import type { Precondition } from '../../domain/contacts/revision.ts'
import { parseId } from '../../kernel/ids.ts'
import { contactSchema, presentContacts } from './contact-presentation.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { entityTag } from './entity-tags.ts'
import { contactIdParams, pageQuery, pageRequest, paginationOf } from './fields.ts'

export const blockSchema = z
  .object({
    contact_id: z.string(),
    is_blocked: z.boolean(),
    reason: z.string().nullable().openapi({ description: 'Why the contact was blocked.' }),
    blocked_at: z.iso.datetime().nullable().openapi({ description: 'Null if the contact has never been blocked.' }),
    blocked_by: z.string().nullable().openapi({ description: 'The name of the API key that blocked.' }),
    unblocked_at: z.iso.datetime().nullable().openapi({ description: 'When the latest block ended; null while it lasts.' }),
  })
  .openapi('ContactBlock')

const blockBody = z
  .strictObject({ reason: z.string().nullish().openapi({ description: 'Why, at most 500 characters.' }) })
  .openapi('BlockInput')

/** How a contact stands: its latest block, whether that lasts or has ended. */
export function presentBlock(contactId: string, block: Block | null): z.input<typeof blockSchema> {
  return {
    contact_id: contactId,
    is_blocked: block !== null && block.unblockedAt === null,
    reason: block?.reason ?? null,
    blocked_at: block?.blockedAt.toISOString() ?? null,
    blocked_by: block?.blockedBy ?? null,
    unblocked_at: block?.unblockedAt?.toISOString() ?? null,
  }
}

/** The two routes that change how a contact stands. */
function blockingRoute(
  documentation: Pick<Endpoint, 'operation' | 'summary' | 'description'>,
  change: (context: Context, input: BlockInput, preconditions: readonly Precondition[]) => Promise<string>,
): Endpoint {
  return endpoint({
    ...documentation,
    tag: 'Blocking',
    scope: 'contacts:write',
    params: contactIdParams,
    conditional: 'If-Match',
    tagged: true,
    body: blockBody,
    bodyRequired: false,
    replies: { 200: blockSchema },
    async handle(context, { params, body, preconditions }) {
      const id = await change(context, { contactId: parseId('contact', params.id), ...body }, preconditions)
      const block = await findWrittenBlock(context, id)
      return { status: 200, data: presentBlock(id, block), headers: entityTag(await getWrittenContact(context, id)) }
    },
  })
}

export const postBlock = blockingRoute(
  {
    operation: 'blockContact',
    summary: 'Block a contact',
    description: 'What it writes goes to spam, and messages to it are refused. One that is blocked stays blocked as it was.',
  },
  blockContact,
)

export const postUnblock = blockingRoute(
  {
    operation: 'unblockContact',
    summary: 'End the block of a contact',
    description: 'That it was blocked stays on record. One that is not blocked stays as it was.',
  },
  unblockContact,
)

export const listBlocked = endpoint({
  operation: 'listBlockedContacts',
  summary: 'List the blocked contacts',
  description: 'Those that are blocked now, the latest block first.',
  tag: 'Blocking',
  scope: 'contacts:read',
  query: z.strictObject(pageQuery),
  paged: true,
  replies: { 200: z.array(contactSchema.extend({ block: blockSchema }).openapi('BlockedContact')) },
  async handle(context, { query }) {
    const list = blockedList(context.actor)
    const page = await findBlockedContacts(context, pageRequest(list, query))
    const blocks = await blocksByContact(
      context,
      page.items.map((contact) => contact.id),
    )
    const contacts = await presentContacts(context, page.items)
    const data = contacts.map((contact) => ({
      ...contact,
      block: presentBlock(contact.id, blocks.get(contact.id) ?? null),
    }))
    return { status: 200, data, pagination: paginationOf(page, list, blockedPosition) }
  },
})
