import type { Erasure } from '../../data/generated/client.ts'
import { addressesAtOnce, type HeldAddress, selectAddressesBehind } from '../../data/sql/addresses-of-organization.ts'
import { insertSuppressions } from '../../data/sql/write-suppressions.ts'
import { transaction } from '../../data/transaction.ts'
import { addressHashes } from '../../kernel/address-hash.ts'
import { newId } from '../../kernel/ids.ts'
import { type Context, requireScope } from '../context.ts'
import { eraseContacts, maxErasures } from './commands.ts'

/** A person that was erased, as a list outside of the database keeps it: hashes and nothing that names the person. */
export type ErasedPerson = Pick<Erasure, 'contactId' | 'reason' | 'erasedAt' | 'addresses'>

export interface ReerasedContacts {
  /** The contacts that were erased again. */
  readonly contactIds: readonly string[]
  /** How many persons of the list are erased on record, so that nothing was to be done. */
  readonly onRecord: number
}

/** All erasures of an organization, the first one first, a page at a time: the list to keep outside of the database. */
export async function* allErasures({ db, actor }: Pick<Context, 'db' | 'actor'>): AsyncGenerator<ErasedPerson[]> {
  const { organizationId } = actor
  const select = { id: true, contactId: true, reason: true, erasedAt: true, addresses: true } as const
  for (let after = ''; ;) {
    const rows = await db.prisma.erasure.findMany({
      where: { organizationId, id: { gt: after } },
      orderBy: { id: 'asc' },
      take: 1000,
      select,
    })
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows.map(({ contactId, reason, erasedAt, addresses }) => ({ contactId, reason, erasedAt, addresses }))
    after = last.id
  }
}

/**
 * Erases again, after the restore of a backup, what was erased since the backup was made: contacts by their ids, and contacts that have an address of an
 * erased person and are older than the erasure. The addresses are suppressed again. Persons whose erasure is on record are left.
 * @throws InvalidInput
 */
export async function reeraseContacts(context: Context, persons: readonly ErasedPerson[]): Promise<ReerasedContacts> {
  requireScope(context, 'contacts:erase')
  const { organizationId, name } = context.actor
  const { db } = context
  const done = new Set<string>()
  for (const batch of batchesOf(persons)) {
    const ids = batch.map(({ contactId }) => contactId)
    const known = await db.prisma.erasure.findMany({ where: { organizationId, contactId: { in: ids } }, select: { contactId: true } })
    for (const { contactId } of known) done.add(contactId)
  }
  const open = persons.filter(({ contactId }) => !done.has(contactId))
  const holders = await findHolders(context, open)
  const wanted = new Map(open.map(({ contactId, reason }) => [contactId, reason]))
  for (const [contactId, { reason }] of holders) if (!wanted.has(contactId)) wanted.set(contactId, reason)

  const erased: string[] = []
  for (const reason of new Set(wanted.values())) {
    const ids = [...wanted].filter(([, other]) => other === reason).map(([id]) => id)
    for (const batch of batchesOf(ids)) {
      const { erasures } = await eraseContacts(context, { ids: batch, reason })
      erased.push(...erasures.map(({ contactId }) => contactId))
    }
  }
  for (const batch of batchesOf(open)) {
    const about = { channel: '', topicId: '', reason: 'erasure' as const, note: null }
    const rows = batch.flatMap(({ addresses }) =>
      addresses.flatMap((text) => {
        const [kind, key = ''] = text.split(' ')
        return kind === 'phone' || kind === 'email' ? [{ ...about, id: newId('suppression'), kind, key } as const] : []
      }),
    )
    await transaction(db, (tx) => insertSuppressions(tx, organizationId, rows, { by: name, now: context.now() }))
  }
  return { contactIds: erased, onRecord: done.size }
}

/** The contacts that have an address of one of these persons and existed when it was erased. */
async function findHolders(context: Context, persons: readonly ErasedPerson[]): Promise<Map<string, ErasedPerson>> {
  const { organizationId } = context.actor
  const holders = new Map<string, ErasedPerson>()
  const byHash = new Map(persons.flatMap((person) => person.addresses.map((address) => [address, person] as const)))
  if (byHash.size === 0) return holders
  for (let after: HeldAddress | null = null; ;) {
    const rows: HeldAddress[] = await selectAddressesBehind(context.db, organizationId, after)
    for (const { kind, key, contactId, contactCreatedAt } of rows) {
      const person = addressHashes(context.secretKeys, organizationId, { kind, key })
        .map((hash) => byHash.get(`${kind} ${hash}`))
        .find((found) => found !== undefined)
      if (person !== undefined && contactCreatedAt <= person.erasedAt) holders.set(contactId, person)
    }
    after = rows.at(-1) ?? null
    if (rows.length < addressesAtOnce) return holders
  }
}

function batchesOf<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / maxErasures) }, (_, index) =>
    items.slice(index * maxErasures, (index + 1) * maxErasures),
  )
}
