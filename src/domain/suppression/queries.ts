import type { Channel, Suppression, SuppressionReason } from '../../data/generated/client.ts'
import { selectSuppressions } from '../../data/sql/find-suppressions.ts'
import { addressHashes } from '../../kernel/address-hash.ts'
import { channels } from '../../kernel/channels.ts'
import { type List, maxPageSize, type Page, type PageRequest, pageOf, type Position } from '../../kernel/page.ts'
import { addressKindOf } from '../consent/channels.ts'
import { type ReadContext, requireScope } from '../context.ts'
import { getOrganization } from '../organizations/queries.ts'
import { type Address, parseAddressText } from './rules.ts'

export interface SuppressionFilter {
  readonly reasons?: readonly SuppressionReason[] | null | undefined
  /** A phone number or an email address. */
  readonly address?: string | null | undefined
}

/** The list that a page of suppressions belongs to. */
export function suppressionList(organizationId: string): List {
  return { name: `suppressions:${organizationId}`, key: 'time' }
}

export function suppressionPosition({ createdAt, id }: Suppression): Position {
  return { key: createdAt, id }
}

/** The channels that a suppression holds for. */
export function channelsOf({ kind, channel }: Pick<Suppression, 'kind' | 'channel'>): Channel[] {
  return channels.filter((name) => (channel === '' ? addressKindOf(name) === kind : name === channel))
}

/** A page of the suppressions that hold, the latest first. One statement beside that for the organization. @throws InvalidPhoneNumber, InvalidEmail */
export async function findSuppressions(context: ReadContext, filter: SuppressionFilter, page: PageRequest): Promise<Page<Suppression>> {
  requireScope(context, 'settings:write')
  const { address } = filter
  const country = typeof address === 'string' ? (await getOrganization(context)).defaultCountry : null
  const match = {
    reasons: filter.reasons ?? null,
    addresses: typeof address === 'string' ? withHashes(context, parseAddressText(address, country, 'address')) : null,
  }
  const { rows, total } = await selectSuppressions(context.db, context.actor.organizationId, match, page)
  return pageOf(rows, page, total)
}

/** An address and its hashes, under which it is on the list if its holder was erased. */
function withHashes({ secretKeys, actor }: ReadContext, address: Address): Address[] {
  return [address, ...addressHashes(secretKeys, actor.organizationId, address).map((key) => ({ kind: address.kind, key }))]
}

/** Suppressions by their ids, those that do not hold included. One statement. */
export async function suppressionsById(context: ReadContext, ids: readonly string[]): Promise<Map<string, Suppression>> {
  const { organizationId } = context.actor
  const rows = await context.db.prisma.suppression.findMany({ where: { organizationId, id: { in: [...ids] } } })
  return new Map(rows.map((row) => [row.id, row]))
}

/** All suppressions that hold, the latest first, a page at a time. */
export async function* allSuppressions(context: ReadContext): AsyncGenerator<Suppression[]> {
  for (let from: Position | null = null; ;) {
    const request: PageRequest = { limit: maxPageSize, direction: 'forward', from, total: false }
    const { items, hasNext } = await findSuppressions(context, {}, request)
    yield [...items]
    const last = items.at(-1)
    if (!hasNext || last === undefined) return
    from = suppressionPosition(last)
  }
}
