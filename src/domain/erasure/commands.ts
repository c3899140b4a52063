import type { Contact, Erasure } from '../../data/generated/client.ts'
import { transaction } from '../../data/transaction.ts'
import { InvalidInput, MissingRequiredField, NotFound } from '../../kernel/errors.ts'
import { parseId } from '../../kernel/ids.ts'
import { fold, parseText } from '../../kernel/text.ts'
import { type Context, requireScope } from '../context.ts'
import { beginErasures } from './begin.ts'
import { finishErasures } from './finish.ts'
import { createPersonMatcher } from './person-matcher.ts'
import { valuesOf } from './values.ts'

/** The most contacts that one command erases. */
export const maxErasures = 100
/** How long a caller waits, in milliseconds. What is left then is removed in the background. */
const longestWait = 20_000

export interface EraseInput {
  /** 1 to 100. */
  readonly ids: readonly string[]
  /** 1 to 500 characters that do not name the person: they stay on record. */
  readonly reason: string
}

/** The outcome for each contact, in the order in which they were named. */
export interface ContactsErased {
  readonly erasures: readonly Erasure[]
  /** Unknown, of another organization, or erased before. */
  readonly failed: readonly { readonly id: string; readonly reason: NotFound }[]
}

/**
 * Erases persons: contacts, living or deleted, with everything that is on record about them, and with all contacts that are merged with them. It cannot
 * be reverted. What stays is the proof of it and of
 * consent, counts, and suppressions of the addresses as hashes. When it returns, no read finds the contacts; rows that could not be removed within 20
 * seconds are removed in the background, and `completedAt` is null until then. An id that is named twice is erased once.
 * @throws InvalidInput, MissingRequiredField
 */
export async function eraseContacts(context: Context, input: EraseInput): Promise<ContactsErased> {
  requireScope(context, 'contacts:erase')
  const ids = parseErasedIds(input.ids)
  const reason = parseReason(input.reason)
  await context.chargeRows?.(ids.length)
  const { organizationId } = context.actor
  const check = (contacts: readonly Contact[]) => refuseNames(reason, contacts)
  const found = await transaction(context.db, (tx) => beginErasures(tx, context, ids, { reason, suppress: true, check }))
  const end = performance.now() + longestWait
  if (found.length > 0) await finishErasures(context, found, () => performance.now() > end)
  const rows = await context.db.prisma.erasure.findMany({ where: { organizationId, contactId: { in: found } } })
  const byContact = new Map(rows.map((erasure) => [erasure.contactId, erasure]))
  return {
    erasures: ids.flatMap((id) => byContact.get(id) ?? []),
    failed: ids.filter((id) => !byContact.has(id)).map((id) => ({ id, reason: new NotFound('contact', id) })),
  }
}

function parseErasedIds(ids: readonly string[]): string[] {
  if (ids.length >= 1 && ids.length <= maxErasures) return [...new Set(ids.map((id, index) => parseId('contact', id, `ids.${index}`)))]
  throw new InvalidInput(
    ids.length === 0 ? 'No contact is named.' : `${ids.length.toLocaleString('en')} contacts are too many at a time.`,
    {
      field: 'ids',
      expected: `1 to ${maxErasures} ids of contacts`,
    },
  )
}

function parseReason(text: string): string {
  const reason = parseText(text, 'reason', { max: 500, multiline: true })
  if (reason !== null) return reason
  throw new MissingRequiredField('Erasing needs a reason: it stays on record.', { field: 'reason', expected: '1 to 500 characters' })
}

/** The reason stays, so it must not keep what is erased. */
function refuseNames(reason: string, contacts: readonly Contact[]): void {
  const values = valuesOf(contacts, [], [])
  const matcher = createPersonMatcher(values)
  const isNamed = matcher.hasAddress(reason) || matcher.hasName(reason) || values.emails.some((email) => fold(reason).includes(fold(email)))
  if (!isNamed) return
  throw new InvalidInput('The reason names the person. It stays on record: describe the request without names and addresses.', {
    field: 'reason',
    expected: 'a text such as "Request of 12 May, case 4711"',
  })
}
