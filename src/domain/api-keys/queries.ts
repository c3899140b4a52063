import type { ReadDb } from '../../data/database.ts'
import type { ApiKey, Prisma } from '../../data/generated/client.ts'
import { NotFound } from '../../kernel/errors.ts'
import { parseId } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import { type Actor, type ReadContext, requireScope } from '../context.ts'
import { type FindKeyHolder, readKeyHolder } from './key-cache.ts'
import { ExpiredKey, hashKey, InvalidApiKey, isKey } from './rules.ts'

/**
 * Finds the caller that a key belongs to. It is the one query of a request without an organization, because the key determines it.
 * @throws InvalidApiKey, ExpiredKey
 */
export async function identify(
  context: { readonly db: ReadDb; readonly now: Clock },
  key: string,
  findHolder: FindKeyHolder = readKeyHolder,
): Promise<Actor> {
  if (!isKey(key)) throw new InvalidApiKey()
  const holder = await findHolder(context.db, hashKey(key))
  if (holder === null) throw new InvalidApiKey()
  if (holder.expiresAt !== null && holder.expiresAt <= context.now()) throw new ExpiredKey(holder.expiresAt)
  return holder.actor
}

/** The organization of a key, by the key's id. Only for operators on the command line. @throws InvalidInput, NotFound */
export async function organizationOfKey(db: ReadDb, id: string): Promise<string> {
  const key = await db.prisma.apiKey.findFirst({ where: { id: parseId('apiKey', id) }, select: { organizationId: true } })
  if (key === null) throw new NotFound('API key', id)
  return key.organizationId
}

/** The key of the request; null for a request with a token. */
export async function findOwnApiKey(context: ReadContext): Promise<ApiKey | null> {
  const { organizationId, keyId } = context.actor
  return context.db.prisma.apiKey.findUnique({ where: { organizationId_id: { organizationId, id: keyId } } })
}

/** The keys that an actor can see: its own, and with the scope settings:write all of its organization. */
export function visibleApiKeys({ organizationId, keyId, scopes }: Actor): Prisma.ApiKeyWhereInput & { organizationId: string } {
  return { organizationId, ...(!scopes.includes('settings:write') && { id: keyId }) }
}

/** The keys of the organization that are not revoked, oldest first. Needs the scope settings:write. One statement. */
export async function findApiKeys(context: ReadContext): Promise<ApiKey[]> {
  requireScope(context, 'settings:write')
  const { organizationId } = context.actor
  return context.db.prisma.apiKey.findMany({
    where: { organizationId, revokedAt: null },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: maxKeys,
  })
}

/** The most keys that are listed. */
const maxKeys = 200

/** The visible keys among these ids. One statement. */
export async function apiKeysById(context: ReadContext, ids: readonly string[]): Promise<Map<string, ApiKey>> {
  const keys = await context.db.prisma.apiKey.findMany({ where: { AND: [visibleApiKeys(context.actor), { id: { in: [...ids] } }] } })
  return new Map(keys.map((key) => [key.id, key]))
}
