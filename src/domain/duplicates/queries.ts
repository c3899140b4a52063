import type { Contact } from '../../data/generated/client.ts'
import { groupByContact, selectAddresses } from '../../data/sql/contact-addresses.ts'
import { selectAlike, selectAlikeGroups } from '../../data/sql/find-duplicates.ts'
import { selectContactsById } from '../../data/sql/find-contacts.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { type ReadContext, requireScope } from '../context.ts'
import { type Candidate, defaultMinScore, likeness, type Likeness } from './score.ts'

/** A contact that may be the same person as another one. */
export interface Duplicate extends Likeness {
  readonly contact: Contact
}

/** Contacts that may be one person: each is like at least one other of them. */
export interface DuplicateGroup {
  readonly contacts: readonly Contact[]
  /** That of the pair that is most alike. */
  readonly score: number
  readonly reasons: Likeness['reasons']
}

/**
 * Contacts that may be the same person as each of these, the likeliest first, without those that were dismissed. Four statements, however many; candidates
 * are found through indexes. The contacts must have been read through a scope.
 */
export async function duplicatesByContact(context: ReadContext, contactIds: readonly string[]): Promise<Map<string, Duplicate[]>> {
  requireScope(context, 'contacts:read')
  const pairs = await selectAlike(context.db, context.actor.organizationId, contactIds)
  const candidates = await candidatesById(context, [...contactIds, ...pairs.map(({ otherId }) => otherId)])
  const dismissed = await dismissedPairs(
    context,
    pairs.map(({ id, otherId }) => [id, otherId]),
  )
  const found = new Map(contactIds.map((id): [string, Duplicate[]] => [id, []]))
  for (const { id, otherId } of pairs) {
    const [one, other] = [candidates.get(id), candidates.get(otherId)]
    if (one === undefined || other === undefined || dismissed.has(pairKey(id, otherId))) continue
    const like = likeness(one, other)
    if (like.score >= defaultMinScore) found.get(id)?.push({ contact: other.contact, ...like })
  }
  for (const duplicates of found.values())
    duplicates.sort((one, other) => other.score - one.score || (one.contact.id < other.contact.id ? -1 : 1))
  return found
}

export interface DuplicateGroups {
  readonly groups: readonly DuplicateGroup[]
  /** Where the next page begins; null at the end. */
  readonly next: string | null
}

/** How many groups of contacts with something in common are looked at for a page, at the most. */
const mostLookedAt = 2000
const batchSize = 200

/**
 * The next groups of contacts that may be one person: by their addresses, then by their names. A page may be short or empty before the end, because what
 * is looked at for one is limited; `next` says whether there is more.
 * @throws InvalidInput for a position that no page has returned
 */
export async function findDuplicateGroups(
  context: ReadContext,
  { first, after, minScore = defaultMinScore }: { readonly first: number; readonly after: string | null; readonly minScore?: number },
): Promise<DuplicateGroups> {
  requireScope(context, 'contacts:read')
  let { by, key } = readPosition(after)
  const groups: DuplicateGroup[] = []
  for (let looked = 0; looked < mostLookedAt;) {
    const page = await selectAlikeGroups(context.db, context.actor.organizationId, { by, after: key, limit: batchSize })
    const candidates = await candidatesById(
      context,
      page.flatMap(({ ids }) => ids),
    )
    const dismissed = await dismissedPairs(
      context,
      page.flatMap(({ ids }) => pairsOf(ids)),
    )
    for (const { key: at, ids } of page) {
      key = at
      const group = groupOf(ids, { candidates, dismissed, minScore, by })
      if (group === null) continue
      groups.push(group)
      if (groups.length === first) return { groups, next: writePosition(by, key) }
    }
    looked += page.length
    if (page.length === batchSize) continue
    if (by === 'name') return { groups, next: null }
    by = 'name'
    key = ''
  }
  return { groups, next: writePosition(by, key) }
}

/** How the contacts of a group are compared. */
interface Comparison {
  readonly candidates: ReadonlyMap<string, Candidate>
  readonly dismissed: ReadonlySet<string>
  readonly minScore: number
  readonly by: 'address' | 'name'
}

const ofAddresses: ReadonlySet<string> = new Set(['email', 'phone', 'phone_ending', 'external_id'])

function groupOf(ids: readonly string[], { candidates, dismissed, minScore, by }: Comparison): DuplicateGroup | null {
  let best: Likeness = { score: 0, reasons: [] }
  const members = new Map<string, Contact>()
  for (const [oneId, otherId] of pairsOf(ids)) {
    const [one, other] = [candidates.get(oneId), candidates.get(otherId)]
    if (one === undefined || other === undefined || dismissed.has(pairKey(oneId, otherId))) continue
    const like = likeness(one, other)
    // Two that have an address alike stand in the list already.
    if (like.score < minScore || (by === 'name' && like.reasons.some((reason) => ofAddresses.has(reason)))) continue
    members.set(oneId, one.contact).set(otherId, other.contact)
    if (like.score > best.score) best = like
  }
  return members.size === 0 ? null : { contacts: [...members.values()], ...best }
}

async function candidatesById({ db, actor }: ReadContext, ids: readonly string[]): Promise<Map<string, Candidate>> {
  const unique = [...new Set(ids)]
  if (unique.length === 0) return new Map()
  const contacts = await selectContactsById(db, actor.organizationId, unique)
  const addresses = groupByContact(await selectAddresses(db, actor.organizationId, unique))
  return new Map(contacts.map((contact) => [contact.id, { contact, addresses: addresses.get(contact.id) ?? [] }]))
}

async function dismissedPairs({ db, actor }: ReadContext, pairs: readonly (readonly [string, string])[]): Promise<Set<string>> {
  if (pairs.length === 0) return new Set()
  const ids = [...new Set(pairs.flat())]
  const rows = await db.prisma.duplicateDismissal.findMany({
    where: { organizationId: actor.organizationId, oneId: { in: ids }, otherId: { in: ids } },
  })
  return new Set(rows.map(({ oneId, otherId }) => pairKey(oneId, otherId)))
}

/** Every two of some ids, the smaller one first. */
export function pairsOf(ids: readonly string[]): (readonly [string, string])[] {
  const sorted = [...new Set(ids)].toSorted()
  return sorted.flatMap((one, index) => sorted.slice(index + 1).map((other) => [one, other] as const))
}

function pairKey(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`
}

function writePosition(by: 'address' | 'name', key: string): string {
  return Buffer.from(JSON.stringify([by, key])).toString('base64url')
}

function readPosition(after: string | null): { by: 'address' | 'name'; key: string } {
  if (after === null) return { by: 'address', key: '' }
  try {
    const read: unknown = JSON.parse(Buffer.from(after, 'base64url').toString())
    if (Array.isArray(read) && (read[0] === 'address' || read[0] === 'name') && typeof read[1] === 'string')
      return { by: read[0], key: read[1] }
  } catch {
    // Not JSON: refused below.
  }
  throw new InvalidInput('This is not a position in the list of duplicates.', {
    field: 'after',
    value: after.slice(0, 120),
    expected: 'the `endCursor` of the previous page, unchanged',
  })
}
