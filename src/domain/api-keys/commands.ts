import { setTimeout } from 'node:timers/promises'
import type { Tx } from '../../data/database.ts'
import type { ApiKey } from '../../data/generated/client.ts'
import { InvalidInput, NotFound } from '../../kernel/errors.ts'
import { newId, parseId } from '../../kernel/ids.ts'
import { parseText } from '../../kernel/text.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Scope } from '../context.ts'
import { keyLease } from './key-cache.ts'
import { generateKey, hashKey, hintOf, InvalidApiKey, isKey, parseScopes } from './rules.ts'

/** Keys are managed on the command line, by operators who can reach the database. */
export interface KeyAdministration {
  readonly db: Tx
  readonly now: Clock
  readonly organizationId: string
}

export interface NewApiKey {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly environment?: 'live' | 'test'
  readonly expiresAt?: Date | null
  /** The key itself. Default: random. */
  readonly key?: string
}

/** Creates a key. @returns its id, and the key itself, which cannot be shown again @throws InvalidInput */
export async function createApiKey(context: KeyAdministration, input: NewApiKey): Promise<{ id: string; key: string }> {
  const name = parseText(input.name, 'name', { max: 100 })
  if (name === null)
    throw new InvalidInput('A key needs a name that says what it is for.', { field: 'name', expected: '1 to 100 characters' })
  const key = input.key ?? generateKey(input.environment ?? 'live')
  if (!isKey(key)) {
    throw new InvalidInput('This is not the form of an API key.', {
      field: 'key',
      expected: 'dv_live_sk_ or dv_test_sk_, and at least 16 letters, digits, - or _',
    })
  }
  const expiresAt = input.expiresAt ?? null
  if (expiresAt !== null && expiresAt <= context.now()) {
    throw new InvalidInput('The expiry of the key is in the past.', {
      field: 'expiresAt',
      value: expiresAt.toISOString(),
      expected: 'a time in the future',
    })
  }
  const id = newId('apiKey')
  await context.db.prisma.apiKey.create({
    data: {
      organizationId: context.organizationId,
      id,
      name,
      hash: hashKey(key),
      hint: hintOf(key),
      scopes: [...input.scopes],
      createdAt: context.now(),
      expiresAt,
    },
  })
  return { id, key }
}

/** Every key of the organization, newest first. */
export async function listApiKeys(context: KeyAdministration): Promise<ApiKey[]> {
  return context.db.prisma.apiKey.findMany({
    where: { organizationId: context.organizationId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  })
}

/**
 * Creates a key with the name, scopes and environment of another one, which expires after some hours (or sooner, if it would anyway).
 * @throws InvalidInput, NotFound, and InvalidApiKey for a key that is revoked or expired
 */
export async function rotateApiKey(
  context: KeyAdministration,
  id: string,
  graceHours: number,
): Promise<{ id: string; key: string; oldExpiresAt: Date }> {
  const old = await keyOf(context, id)
  const now = context.now()
  if (old.revokedAt !== null || (old.expiresAt !== null && old.expiresAt <= now)) throw new InvalidApiKey()
  const graceEnd = new Date(now.getTime() + graceHours * 3_600_000)
  const oldExpiresAt = old.expiresAt !== null && old.expiresAt < graceEnd ? old.expiresAt : graceEnd
  const created = await createApiKey(context, {
    name: old.name,
    scopes: parseScopes(old.scopes),
    environment: old.hint.startsWith('dv_test_sk_') ? 'test' : 'live',
  })
  await context.db.prisma.apiKey.update({
    where: { organizationId_id: { organizationId: context.organizationId, id } },
    data: { expiresAt: oldExpiresAt },
  })
  return { ...created, oldExpiresAt }
}

/** Revokes a key. When this returns, after one second, no server accepts the key. Repeating it changes nothing. @throws NotFound */
export async function revokeApiKey(context: KeyAdministration, id: string): Promise<void> {
  const key = await keyOf(context, id)
  const where = { organizationId_id: { organizationId: context.organizationId, id } }
  if (key.revokedAt === null) await context.db.prisma.apiKey.update({ where, data: { revokedAt: context.now() } })
  // A timer may end a little early.
  await setTimeout(keyLease + 10)
}

async function keyOf({ db, organizationId }: KeyAdministration, id: string): Promise<ApiKey> {
  const key = await db.prisma.apiKey.findUnique({ where: { organizationId_id: { organizationId, id: parseId('apiKey', id) } } })
  if (key === null) throw new NotFound('API key', id)
  return key
}
