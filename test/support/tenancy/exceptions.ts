/** A statement that may reach the rows of every tenant, and why. */
export interface Exception {
  /** What stands in its text, white space aside. */
  readonly holds: string
  readonly because: string
}

/** All that there are. On a sharded PostgreSQL each of them asks every shard, so none may be in the way of a request. */
export const exceptions: readonly Exception[] = [
  {
    holds: 'from api_keys k where k.hash =',
    because: 'The key determines the organization. The table of keys is a reference table, which is whole on every node.',
  },
  {
    holds: 'update api_keys k set last_used_at = u.at from unnest(',
    because:
      'A timer of the server, for keys of all organizations at once. The table of keys is a reference table, which is whole on every node.',
  },
  {
    holds: 'from import_jobs j where j.is_open and (j.due_at <=',
    because:
      'A worker serves every organization. It asks which import waits; the import is locked and worked on as its own organization’s.',
  },
  {
    holds: 'delete from import_rows r using import_jobs j where j.organization_id = r.organization_id',
    because: 'Maintenance, once an hour: each shard clears away its own leftovers of imports.',
  },
  {
    holds: 'delete from import_jobs j where j.staged_at is null',
    because: 'Maintenance, once an hour: each shard clears away its own uploads that broke off.',
  },
  {
    holds: 'where not j.is_open and j.completed_at <',
    because: 'Maintenance, once an hour: each shard clears the samples of its own imports that cannot be rolled back any more.',
  },
  {
    holds: 'from contacts c where c.search_version < 1 limit',
    because:
      'Maintenance, once an hour: it asks which contacts an earlier release has written; they are written again organization by organization.',
  },
  {
    holds: 'from erasures e where e.completed_at is null and (e.erased_at <',
    because: 'Maintenance, once a minute: it asks which erasures a process has left; each is finished as its own organization’s.',
  },
  {
    holds: 'from webhook_endpoints e where e.enabled and e.due_at <=',
    because: 'A worker serves every organization. It asks which endpoints are due; each is worked on as its own organization’s.',
  },
  {
    holds: 'delete from webhook_deliveries d where d.status <>',
    because: 'Maintenance, once an hour: each shard removes its own deliveries that ended long ago.',
  },
  {
    holds: 'delete from send_reservations r where r.expires_at <',
    because: 'Maintenance, once an hour: each shard removes its own reservations that expired long ago.',
  },
  {
    holds: 'DELETE FROM "public"."idempotency_records" WHERE "public"."idempotency_records"."expires_at" <=',
    because: 'Maintenance, once an hour: each shard clears away its own answers whose time is over.',
  },
]

/** The exception that a statement is. */
export function exceptionOf(sql: string): Exception | undefined {
  const text = sql.replaceAll(/\s+/g, ' ')
  return exceptions.find(({ holds }) => text.includes(holds))
}
