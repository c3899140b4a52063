import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { statementsOf } from '../../src/data/sql-statements.ts'
import { packageRoot } from '../../src/kernel/package-root.ts'

/** The tests that look at plans, at the catalogue or the disk of one server, or that start servers of their own. */
export const testsOfOneServer: readonly string[] = [
  'test/data/{autovacuum,migrate,migration-files,migrations,query-plans,replicas}.test.ts',
  'test/domain/history-plans.test.ts',
  'test/graphql/{node-handler-replicas,read-replica}.test.ts',
  'test/server/{disk-faults,embedded,faults}.test.ts',
  // A dump of the coordinator has no rows.
  'test/cli/erasure.test.ts',
]

/** The URLs of all nodes of a cluster, the coordinator first: `url` is that of a database in which `citus_add_node` was called for each. */
export async function nodesOf(url: string): Promise<string[]> {
  const rows = await queryOn<{ host: string; port: number }>(
    url,
    "select nodename as host, nodeport as port from pg_dist_node where noderole = 'primary' and groupid > 0 order by groupid",
  )
  if (rows.length === 0) throw new Error('CITUS_URL names a database without workers. Call citus_add_node in it for each.')
  return [url, ...rows.map(({ host, port }) => Object.assign(new URL(url), { hostname: host, port: String(port) }).href)]
}

/** Makes one cluster of databases of the same name, one on each node, the coordinator first. */
export async function connectNodes(databases: readonly string[]): Promise<void> {
  for (const url of databases) for (const name of ['citus', 'pg_trgm', 'btree_gin']) await queryOn(url, `create extension ${name}`)
  const [coordinator = '', ...workers] = databases
  await queryOn(coordinator, `select citus_set_coordinator_host(${addressOf(coordinator)})`)
  for (const worker of workers) await queryOn(coordinator, `select citus_add_node(${addressOf(worker)})`)
}

/** Distributes a migrated database, as docs/scaling.md says, over few shards, which are copied for every test file. */
export async function distribute(url: string): Promise<void> {
  const script = await readFile(join(packageRoot(), 'prisma', 'citus.sql'), 'utf8')
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('begin')
    await client.query('set local citus.shard_count = 4')
    for (const statement of statementsOf(script)) await client.query(statement)
    await client.query('commit')
  } finally {
    await client.end()
  }
}

/** What is set for a database of Citus, which a copy does not inherit. */
export const citusSettings = ['citus.enable_unsafe_triggers to on', "citus.propagate_set_commands to 'local'", 'jit to off']

function addressOf(url: string): string {
  const { hostname, port } = new URL(url)
  return `${pg.escapeLiteral(hostname)}, ${Number(port || 5432)}`
}

/** Sends one text of SQL through a connection of its own. */
export async function queryOn<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}
