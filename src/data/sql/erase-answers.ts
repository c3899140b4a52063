import type { Tx } from '../database.ts'

/** How many stored answers are searched at a time. */
const answersAtOnce = 500

/** How an answer about erased contacts is recognized. */
export interface AnswersAbout {
  /** Requests that have changed one of them, by the audit log. */
  readonly requestIds: readonly string[]
  /** Ids and addresses, as JSON writes them. */
  readonly texts: readonly string[]
}

/**
 * Removes stored answers to requests with an `Idempotency-Key` that are about erased contacts; the keys stay. One statement, for the next 500 answers
 * behind a key. @returns the last key of these; null if there are no more
 */
export async function eraseAnswers(
  tx: Tx,
  organizationId: string,
  after: string,
  { requestIds, texts, now }: AnswersAbout & { readonly now: Date },
): Promise<string | null> {
  const rows = await tx.sql<{ last: string | null }[]>`
    with page as (
      select i.key, i.request_id, i.response_body from idempotency_records i
      where i.organization_id = ${organizationId} and i.key > ${after}
      order by i.key limit ${answersAtOnce}
    ),
    needles as materialized (select convert_to(text, 'UTF8') as bytes from unnest(${texts}::text[]) text),
    erased as (
      update idempotency_records i
      set request_hash = ''::bytea, response_status = null, response_headers = null, response_body = null, request_id = null, erased_at = ${now}
      from page p
      where i.organization_id = ${organizationId} and i.key = p.key and p.response_body is not null
        and (p.request_id = any(${requestIds}::text[]) or exists (select from needles n where position(n.bytes in p.response_body) > 0))
    )
    select max(key) as last from page`
  return rows[0]?.last ?? null
}

/** The requests that have changed any of these contacts since a time. One statement. */
export async function selectRequestsAbout(tx: Tx, organizationId: string, contactIds: readonly string[], since: Date): Promise<string[]> {
  const rows = await tx.sql<{ requestId: string }[]>`
    select distinct e.request_id as "requestId" from audit_entries e
    where e.organization_id = ${organizationId} and e.contact_id = any(${contactIds}::text[]) and e.occurred_at >= ${since}
      and e.request_id is not null`
  return rows.map(({ requestId }) => requestId)
}

/** Removes what the change feed has about contacts, but for their erasure. One statement. */
export async function eraseChanges(tx: Tx, organizationId: string, contactIds: readonly string[]): Promise<void> {
  await tx.prisma.$executeRaw`
    delete from changes c
    where c.organization_id = ${organizationId} and c.contact_id = any(${contactIds}::text[]) and c.kind <> 'contact.erased'`
}
