import { addressHashes, type AddressKey } from '../../kernel/address-hash.ts'
import type { SecretKeys } from '../../kernel/secret-keys.ts'
import type { Tx } from '../database.ts'
import { Prisma } from '../generated/client.ts'

/** The key of an address on the suppression list, and the one that replaces it. */
export interface Rekeying {
  readonly kind: string
  readonly from: string
  readonly to: string
}

/**
 * Gives entries of the suppression list another key: the hash of the address when its holder is erased, and the address again when a contact has it
 * again. Where both keys have an entry of one reason, one entry remains, and it holds if either held. One statement, however many.
 * @param erased whether notes and references to contacts and records are removed
 */
export async function rekeySuppressions(
  tx: Tx,
  organizationId: string,
  keys: readonly Rekeying[],
  { erased }: { readonly erased: boolean },
): Promise<void> {
  if (keys.length === 0) return
  const kept = (column: string) => (erased ? Prisma.sql`null` : Prisma.raw(`g.${column}`))
  await tx.prisma.$executeRaw`
    with given as (select distinct * from json_to_recordset(${JSON.stringify(keys)}::json) as r(kind address_kind, "from" text, "to" text)),
    taken as materialized (
      select s.*, given."to" from suppressions s
      join given on given.kind = s.kind and given."from" = s.key
      where s.organization_id = ${organizationId}
    ),
    gone as (
      delete from suppressions s using taken where s.organization_id = ${organizationId} and s.id = taken.id
      returning s.id
    )
    insert into suppressions as s (organization_id, id, kind, key, channel, topic_id, reason, since, ended_at, lifted_at, lifted_by, lift_reason, note,
      contact_id, record_id, created_by, created_at)
    select distinct on (g.kind, g."to", g.channel, g.topic_id, g.reason) ${organizationId}, g.id, g.kind, g."to", g.channel, g.topic_id, g.reason, g.since,
      g.ended_at, g.lifted_at, g.lifted_by, ${kept('lift_reason')}, ${kept('note')}, ${kept('contact_id')}, ${kept('record_id')}, g.created_by, g.created_at
    from taken g join gone on gone.id = g.id
    order by g.kind, g."to", g.channel, g.topic_id, g.reason, g.lifted_at desc nulls first, g.since desc
    on conflict (organization_id, kind, key, channel, topic_id, reason) do update
    set since = greatest(s.since, excluded.since), ended_at = greatest(s.ended_at, excluded.ended_at),
      lifted_at = case when s.lifted_at is null or excluded.lifted_at is null then null else greatest(s.lifted_at, excluded.lifted_at) end`
}

interface Addressed {
  readonly phone: string | null
  readonly phoneKey: string | null
  readonly emailKey: string | null
}

/** Up to how many contacts are looked up directly. For more it is asked first whether the organization has erased anyone. */
const few = 10

/**
 * Writes out again what the suppression list has about these addresses as hashes, because contacts have them now: from then on it holds for these
 * contacts like any other entry. Belongs in front of every statement that gives a contact an address. One statement; two for many contacts.
 */
export async function revealSuppressions(
  tx: Tx,
  organizationId: string,
  secretKeys: SecretKeys,
  contacts: readonly Addressed[],
): Promise<void> {
  if (contacts.length === 0 || (contacts.length > few && !(await hasErasures(tx, organizationId)))) return
  await revealAddresses(tx, organizationId, secretKeys, contacts.flatMap(addressesOf))
}

/** The same for addresses by their keys. */
export async function revealAddresses(
  tx: Tx,
  organizationId: string,
  secretKeys: SecretKeys,
  addresses: readonly AddressKey[],
): Promise<void> {
  const keys = addresses.flatMap(({ kind, key }) =>
    addressHashes(secretKeys, organizationId, { kind, key }).map((from) => ({ kind, from, to: key })),
  )
  await rekeySuppressions(tx, organizationId, keys, { erased: false })
}

function addressesOf({ phone, phoneKey, emailKey }: Addressed): AddressKey[] {
  const number = phoneKey ?? phone
  return [...(number === null ? [] : [{ kind: 'phone', key: number }]), ...(emailKey === null ? [] : [{ kind: 'email', key: emailKey }])]
}

async function hasErasures(tx: Tx, organizationId: string): Promise<boolean> {
  const rows = await tx.sql<unknown[]>`select from erasures e where e.organization_id = ${organizationId} limit 1`
  return rows.length > 0
}
