// Runs before every test file: each statement that the app sends is read, and the test that had it sent fails if it is not one tenant's.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadModule } from 'libpg-query'
import pg from 'pg'
import { afterAll, afterEach } from 'vitest'
import { isLooking } from './as-test.ts'
import { packageRoot } from '../../../src/kernel/package-root.ts'
import { type Exception, exceptionOf } from './exceptions.ts'
import { shardingFaultOf, statementsIn } from './sharding.ts'
import { strangersOf } from './strangers.ts'

interface Watch {
  /** What was found wrong with each text. */
  readonly verdicts: Map<string, string | null>
  readonly complaints: string[]
  readonly met: Set<string>
}

const key = Symbol.for('what the app sends')
const shared: typeof globalThis & { [key]?: Watch } = globalThis
// Files share a process, and the driver in it is watched once.
const watch = (shared[key] ??= await begin())

afterEach(complain)
afterAll(complain)

function complain(): void {
  const complaints = watch.complaints.splice(0)
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
}

/** Whether an exception has been met so far. */
export function isMet({ holds }: Exception): boolean {
  return watch.met.has(holds)
}

async function begin(): Promise<Watch> {
  await loadModule()
  const watch: Watch = { verdicts: new Map(), complaints: [], met: new Set() }
  const { prototype } = pg.Client
  // It is called with the client that it was called with.
  // oxlint-disable-next-line typescript/unbound-method
  const send: (this: pg.Client, ...call: unknown[]) => unknown = prototype.query
  Object.assign(prototype, {
    query(this: pg.Client, ...call: unknown[]) {
      const text = textOf(call[0])
      if (text !== null && !isLooking()) judge(watch, text)
      return send.apply(this, call)
    },
  })
  return watch
}

function judge({ verdicts, complaints, met }: Watch, text: string): void {
  let verdict = verdicts.get(text)
  if (verdict === undefined) {
    const exception = exceptionOf(text)
    if (exception !== undefined) met.add(exception.holds)
    // An exception asks every shard: no sub-query of it is to be any better.
    verdict = exception === undefined ? verdictOn(text) : null
    if (verdict !== null && isOfMigration(text)) verdict = null
    verdicts.set(text, verdict)
  }
  if (verdict !== null) complaints.push(verdict)
}

function verdictOn(text: string): string | null {
  const statements = statementsIn(text)
  const strangers = strangersOf(statements)
  if (strangers.length > 0) return `Nothing says whose rows these are: ${strangers.join(', ')}, in ${text}`
  return shardingFaultOf(statements, text)
}

function textOf(statement: unknown): string | null {
  if (typeof statement === 'string') return statement
  return typeof statement === 'object' && statement !== null && 'text' in statement && typeof statement.text === 'string'
    ? statement.text
    : null
}

/** Whether a statement is one of a migration, which works on the rows of all organizations. Several in one text are not excused. */
function isOfMigration(text: string): boolean {
  if (statementsIn(text).length > 1) return false
  const folder = join(packageRoot(), 'prisma', 'migrations')
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .some(({ name }) => readFileSync(join(folder, name, 'migration.sql'), 'utf8').includes(text))
}
