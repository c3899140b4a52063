import type { Tx } from '../../data/database.ts'
import { isLockTimeout } from '../../data/prisma-errors.ts'
import { claimIdempotencyKey } from '../../data/sql/claim-idempotency-key.ts'
import { transaction } from '../../data/transaction.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { shorten } from '../../kernel/text.ts'
import { type Context, requireScope, type Scope, scopes } from '../context.ts'
import { AnswerErased, IdempotencyKeyInUse, IdempotencyKeyReused } from './errors.ts'

/** An answer as it goes over the wire. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** A request that may come again. */
export interface RepeatableRequest {
  /** What the caller names it by. */
  readonly key: string
  /** A hash of everything that makes it this request and no other, the caller included. */
  readonly hash: Uint8Array<ArrayBuffer>
}

/** How long a repeated request gets the stored answer. */
const lifetime = 24 * 60 * 60 * 1000

/** Accepts an `Idempotency-Key`. @throws InvalidInput */
export function parseIdempotencyKey(text: string): string {
  if (/^[\x21-\x7e]{1,255}$/.test(text)) return text
  throw new InvalidInput('This cannot be an Idempotency-Key. Send 1 to 255 letters, digits and signs without spaces, such as a UUID.', {
    field: 'idempotencyKey',
    value: shorten(text),
    expected: '1 to 255 letters, digits and signs, such as a UUID',
  })
}

/**
 * Does the work of a request once, however often the request comes within 24 hours; every repetition gets the first answer.
 *
 * Doing and remembering are one transaction: a crash between them undoes both, and the repetition does the work. A repetition that
 * comes while the first is under way waits for it. The work must write through the context that it is given and nothing else; if it
 * throws, nothing is remembered.
 * @throws IdempotencyKeyReused, IdempotencyKeyInUse, AnswerErased; InsufficientPermissions for a repetition by a caller that has lost a scope
 */
export async function answerOnce(
  context: Context,
  request: RepeatableRequest,
  work: (context: Context) => Promise<Answer>,
): Promise<{ answer: Answer; replayed: boolean }> {
  try {
    return await transaction(context.db, async (tx) => {
      const now = context.now()
      const { organizationId } = context.actor
      const claim = {
        organizationId,
        key: request.key,
        requestHash: request.hash,
        requestId: context.requestId,
        now,
        expiresAt: new Date(now.getTime() + lifetime),
      }
      if (!(await claimIdempotencyKey(tx, claim))) return { answer: await storedAnswer(tx, context, request), replayed: true }
      const usedScopes = new Set<Scope>()
      const answer = await work({ ...context, db: tx, usedScopes })
      await tx.prisma.idempotencyRecord.update({
        where: { organizationId_key: { organizationId, key: request.key } },
        data: {
          responseStatus: answer.status,
          responseHeaders: { ...answer.headers, [scopesHeader]: [...usedScopes].join(' ') },
          responseBody: new Uint8Array(answer.body),
          completedAt: now,
        },
        select: { key: true },
      })
      return { answer, replayed: false }
    })
  } catch (error) {
    if (isLockTimeout(error)) throw new IdempotencyKeyInUse(request.key)
    throw error
  }
}

/** Not sent to anybody: the scopes that the work needed, kept beside the headers of its answer. */
const scopesHeader = ':scopes'

/** @throws InsufficientPermissions for a caller that has lost a scope since */
async function storedAnswer(tx: Tx, context: Context, request: RepeatableRequest): Promise<Answer> {
  const { organizationId } = context.actor
  const record = await tx.prisma.idempotencyRecord.findUniqueOrThrow({
    where: { organizationId_key: { organizationId, key: request.key } },
  })
  if (record.erasedAt !== null) throw new AnswerErased(request.key)
  if (!Buffer.from(record.requestHash).equals(request.hash)) throw new IdempotencyKeyReused(request.key)
  if (record.responseStatus === null || record.responseBody === null) throw new IdempotencyKeyInUse(request.key)
  const { [scopesHeader]: needed = '', ...headers } = headersOf(record.responseHeaders)
  for (const scope of scopes) if (needed.split(' ').includes(scope)) requireScope(context, scope)
  return { status: record.responseStatus, headers, body: record.responseBody }
}

function headersOf(json: unknown): Record<string, string> {
  if (typeof json !== 'object' || json === null) return {}
  return Object.fromEntries(Object.entries(json).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

/** Forgets the answers whose time is over, of every organization: the one command that looks across them. @returns how many */
export async function deleteExpiredAnswers(db: Tx, now: Date): Promise<number> {
  return (await db.prisma.idempotencyRecord.deleteMany({ where: { expiresAt: { lte: now } } })).count
}
