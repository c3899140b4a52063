import type { MessageCategory, Topic, TopicDefault } from '../../data/generated/client.ts'
import { violatedUnique } from '../../data/prisma-errors.ts'
import { transaction } from '../../data/transaction.ts'
import { parseChannel } from '../../kernel/channels.ts'
import { InvalidInput, MissingRequiredField, NotFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { parseText, shorten } from '../../kernel/text.ts'
import { audit } from '../audit/commands.ts'
import { type Context, requireScope } from '../context.ts'

/** What callers decide about a topic. Omitted fields keep their values. */
export interface TopicInput {
  readonly key?: string | null | undefined
  readonly name?: string | null | undefined
  /** Empty: all channels. */
  readonly channels?: readonly string[] | null | undefined
  readonly defaultState?: TopicDefault | null | undefined
  readonly category?: MessageCategory | null | undefined
  readonly doubleOptIn?: boolean | null | undefined
  readonly archived?: boolean | null | undefined
}

/**
 * Creates a topic, or changes the one with the id. Archived topics keep what is on record, and nothing is sent for them.
 * @throws NotFound, MissingRequiredField without a key or name, InvalidInput, InvalidChannel
 */
export async function upsertTopic(context: Context, id: string | null, input: TopicInput): Promise<Topic> {
  requireScope(context, 'settings:write')
  const { organizationId } = context.actor
  const now = context.now()
  const changes = {
    ...(typeof input.key === 'string' && { key: parseKey(input.key) }),
    ...(typeof input.name === 'string' && { name: required(parseText(input.name, 'name', { max: 200 }), 'name') }),
    ...(Array.isArray(input.channels) && {
      channels: [...new Set(input.channels.map((name, at) => parseChannel(name, `channels.${at}`)))],
    }),
    ...(typeof input.defaultState === 'string' && { defaultState: input.defaultState }),
    ...(typeof input.category === 'string' && { category: input.category }),
    ...(typeof input.doubleOptIn === 'boolean' && { doubleOptIn: input.doubleOptIn }),
    ...(typeof input.archived === 'boolean' && { archivedAt: input.archived ? now : null }),
  }
  try {
    return await transaction(context.db, async (tx) => {
      if (id === null) {
        const data = { ...changes, key: required(changes.key ?? null, 'key'), name: required(changes.name ?? null, 'name') }
        const topic = { organizationId, id: newId('topic') }
        await tx.prisma.topic.create({ data: { ...data, ...topic, createdAt: now, updatedAt: now }, select: { id: true } })
        await audit(tx, context, 'topic.created', [{ id: topic.id, contactId: null }])
        return tx.prisma.topic.findUniqueOrThrow({ where: { organizationId_id: topic } })
      }
      const where = { organizationId_id: { organizationId, id } }
      if ((await tx.prisma.topic.findUnique({ where, select: { id: true } })) === null) throw new NotFound('topic', id)
      await audit(tx, context, 'topic.updated', [{ id, contactId: null }], Object.keys(changes))
      await tx.prisma.topic.update({ where, data: { ...changes, updatedAt: now }, select: { id: true } })
      return tx.prisma.topic.findUniqueOrThrow({ where })
    })
  } catch (error) {
    if (violatedUnique(error) !== 'topics_key') throw error
    throw new InvalidInput('Another topic has this key.', { field: 'key', value: shorten(input.key ?? ''), expected: 'a key of its own' })
  }
}

function parseKey(text: string): string {
  const key = text.trim().toLowerCase()
  if (/^[a-z0-9_]{1,40}$/.test(key)) return key
  throw new InvalidInput('This is not a key of a topic.', {
    field: 'key',
    value: shorten(text),
    expected: '1 to 40 letters, digits and underscores',
  })
}

function required(text: string | null, field: string): string {
  if (text !== null) return text
  throw new MissingRequiredField(`A topic needs a ${field}.`, { field, expected: 'a text' })
}
