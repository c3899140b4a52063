import { setTimeout } from 'node:timers/promises'
import type { Tx } from '../../data/database.ts'
import type { ApiKey } from '../../data/generated/client.ts'
import { InvalidInput, NotFound } from '../../kernel/errors.ts'
import { newId, parseId } from '../../kernel/ids.ts'
import { parseText } from '../../kernel/text.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Scope } from '../context.ts'
import { keyLease } from './known-keys.ts'
import { generateKey, hashKey, hintOf, isKey } from './rules.ts'

/** Keys are managed by whoever can reach the database, on the command line: there is no caller yet. */
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
  /** The key itself, where somebody has chosen it; otherwise it is random. */
  readonly key?: string
}

/** Makes a key. @returns its id, and the key itself, which nothing can show again @throws InvalidInput */
export async function createApiKey(context: KeyAdministration, input: NewApiKey): Promise<{ id: string; key: string }> {
  const name = parseText(input.name, 'name', { max: 100 })
  if (name === null)
    throw new InvalidInput('A key needs a name that says what it is for.', { field: 'name', expected: '1 to 100 characters' })
  const key = input.key ?? generateKey(input.environment ?? 'live')
  if (!isKey(key)) {
    throw new InvalidInput('This cannot be an API key.', {
      field: 'key',
      expected: 'dv_live_sk_ or dv_test_sk_, and at least 16 letters, digits, - or _',
    })
  }
  const expiresAt = input.expiresAt ?? null
  if (expiresAt !== null && expiresAt <= context.now()) {
    throw new InvalidInput('The key would have expired already.', {
      field: 'expiresAt',
      value: expiresAt.toISOString(),
      expected: 'a moment in the future',
    })
  }
  const id = newId('apiKey')
  await context.db.apiKey.create({
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

/** Every key of the organization, the latest first. */
export async function listApiKeys(context: KeyAdministration): Promise<ApiKey[]> {
  return context.db.apiKey.findMany({ where: { organizationId: context.organizationId }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] })
}

/** Ends a key. When this is done, after a second, no server accepts the key any more; doing so again changes nothing. @throws NotFound */
export async function revokeApiKey(context: KeyAdministration, id: string): Promise<void> {
  const where = { organizationId_id: { organizationId: context.organizationId, id: parseId('apiKey', id) } }
  const key = await context.db.apiKey.findUnique({ where })
  if (key === null) throw new NotFound('API key', id)
  if (key.revokedAt === null) await context.db.apiKey.update({ where, data: { revokedAt: context.now() } })
  // A timer may end a little early.
  await setTimeout(keyLease + 10)
}
