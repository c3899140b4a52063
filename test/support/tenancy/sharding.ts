import { type Node, parseSync } from 'libpg-query'
import { isTime } from '../../../src/data/sql/personal-tables.ts'
import { tenantTable } from './facts.ts'
import { partsWithin, strangersOf } from './strangers.ts'

/** What a sharded database (Citus 13) would refuse, answer wrongly or ask every shard for; null for any other statement. */
export function shardingFault(text: string): string | null {
  return shardingFaultOf(statementsIn(text), text)
}

/** The statements that a text of SQL consists of. */
export function statementsIn(text: string): Node[] {
  return (parseSync(text).stmts ?? []).flatMap(({ stmt }) => (stmt === undefined ? [] : [stmt]))
}

/** The same of a text that was parsed. */
export function shardingFaultOf(statements: readonly Node[], text: string): string | null {
  const parts = partsOf(statements)
  const found = rules.find(({ isBroken }) => isBroken(statements, parts))
  return found === undefined ? null : `${found.because}: ${text}`
}

interface Rule {
  readonly because: string
  readonly isBroken: (statements: readonly Node[], of: Parts) => boolean
}

/** What the rules look at, found in one walk through a statement. */
type Parts = (kind: string) => readonly unknown[]

function partsOf(statements: readonly Node[]): Parts {
  const found = new Map<string, unknown[]>()
  const walk = (part: object): void => {
    for (const [kind, inner] of Object.entries(part) as [string, unknown][]) {
      if (typeof inner !== 'object' || inner === null) continue
      if (!Array.isArray(part)) found.set(kind, [...(found.get(kind) ?? []), inner])
      walk(inner)
    }
  }
  walk(statements)
  return (kind) => found.get(kind) ?? []
}

const rules: readonly Rule[] = [
  {
    because: 'Citus runs one statement of a text at a time if it changes a schema or a table of an organization',
    isBroken: (statements, of) => statements.length > 1 && (statements.some(changesSchema) || reachesTenant(of)),
  },
  {
    because: 'Citus does not return what depends on a setting, such as an enumeration as text',
    isBroken: (_, of) =>
      of('returningClause').some((part) => {
        const outside = withoutQueries(part)
        return (
          partsWithin(outside, 'TypeCast').some(castsToText) || partsWithin(outside, 'FuncCall').some((call) => unstable.has(nameOf(call)))
        )
      }),
  },
  {
    because: 'Citus does not let DO UPDATE look at other rows',
    isBroken: (_, of) => of('onConflictClause').some((part) => partsWithin(part, 'RangeVar').length > 0),
  },
  {
    because: 'Citus changes rows by immutable functions of their columns only',
    isBroken: (_, of) => [...of('UpdateStmt'), ...of('DeleteStmt')].some((change) => isUnstable(withoutQueries(change))),
  },
  {
    because: 'On Citus this runs on the node where the rows are, and not on the one that numbers transactions and has the locks',
    isBroken: (_, of) => of('FuncCall').some((call) => local.test(nameOf(call))) && reachesTenant(of),
  },
  {
    because: 'On Citus a node may still be about to commit what this says is committed. Look at the locks of transactions too',
    isBroken: (_, of) =>
      of('FuncCall').some((call) => nameOf(call) === 'pg_current_snapshot') &&
      !of('RangeVar').some((range) => textAt(range, 'relname') === 'pg_locks'),
  },
  {
    because: 'A sub-query that learns the organization from a row outside of it is sent to every shard. Repeat the parameter',
    isBroken: (statements, of) =>
      [...of('SubLink'), ...of('RangeSubselect')].length > 0 && strangersOf(statements, { isCorrelated: true }).length > 0,
  },
  {
    because: 'This depends on the time zone of the session, which nodes do not have. Write AT TIME ZONE',
    isBroken: (_, of) => needsTimeZone(of) && reachesTenant(of),
  },
  {
    because: 'What is set for a session stays on the coordinator, and on a pooler with another client. Use SET LOCAL',
    isBroken: (_, of) => of('VariableSetStmt').some((part) => !isLocal(part)) && !isStartOfSession(of),
  },
]

/** Functions that answer with what one node knows. */
const local =
  /^(?:pg_current_(?:snapshot|xact_id\w*|wal_\w+)|txid_current\w*|pg_(?:try_)?advisory_\w+|set_config|current_setting|pg_backend_pid)$/

/** Functions that are not immutable, of those that a statement might return. */
const unstable = new Set([
  'concat',
  'concat_ws',
  'format',
  'json_build_object',
  'jsonb_build_object',
  'now',
  'to_char',
  'to_json',
  'to_jsonb',
])

/** Functions that write a time, or cut it, where the session is. JSON is not among them: times in it have an offset. */
const zoned = new Set(['concat', 'concat_ws', 'date_trunc', 'extract', 'format', 'to_char'])

/** Whether something is computed from columns by what depends on a setting: a function, or the sum of a time and an interval. */
function isUnstable(part: unknown): boolean {
  if (partsWithin(part, 'TypeCast').some(castsToEnumeration)) return true
  const calls = partsWithin(part, 'FuncCall').filter((call) => unstable.has(nameOf(call)))
  if (calls.some((call) => partsWithin(call, 'ColumnRef').length > 0)) return true
  return partsWithin(part, 'A_Expr').some((sum) => {
    if (!has(sum, 'lexpr') || !has(sum, 'rexpr') || !['+', '-'].includes(namesOf(sum, 'name').at(-1) ?? '')) return false
    const sides = [sum.lexpr, sum.rexpr]
    return sides.some(isTimeColumn) && sides.some((side) => has(side, 'TypeCast') && typeOf(side.TypeCast) === 'interval')
  })
}

function needsTimeZone(of: Parts): boolean {
  if (of('SQLValueFunction').some(isOfSession)) return true
  if (of('TypeCast').some((cast) => isZoneless(cast) && isTimeColumn(argumentOf(cast)))) return true
  return of('FuncCall').some((call) => {
    const given = argumentsOf(call)
    return zoned.has(nameOf(call)) && !takesEpoch(given) && given.some(isTimeColumn)
  })
}

function changesSchema(statement: Node): boolean {
  return /^(?:Create|Alter|Index|Drop|Comment)\w*Stmt$/.test(Object.keys(statement)[0] ?? '')
}

function reachesTenant(of: Parts): boolean {
  const ctes = new Set(of('CommonTableExpr').map((cte) => textAt(cte, 'ctename')))
  return [...of('RangeVar'), ...of('relation')].some((range) => {
    const [relname, schemaname] = [textAt(range, 'relname'), textAt(range, 'schemaname')]
    if (relname === '' || ctes.has(relname)) return false
    return tenantTable({ relname, ...(schemaname !== '' && { schemaname }) }) !== null
  })
}

function castsToText(cast: unknown): boolean {
  return typeOf(cast) === 'text' && partsWithin(cast, 'ColumnRef').length > 0
}

/** Whether a column becomes a type of ours, all of which are enumerations. */
function castsToEnumeration(cast: unknown): boolean {
  return (
    partsWithin(cast, 'ColumnRef').length > 0 &&
    /_(?:basis|category|group|kind|origin|outcome|priority|reason|route|source|stage|state|status)$/.test(typeOf(cast))
  )
}

/** A type that a time becomes by the zone of the session. */
function isZoneless(cast: unknown): boolean {
  return ['text', 'date', 'timestamp', 'time'].includes(typeOf(cast))
}

/** Whether an expression is a column of a time, or the earliest or latest of some. */
function isTimeColumn(expression: unknown): boolean {
  if (has(expression, 'ColumnRef')) return isTime(namesOf(expression['ColumnRef'], 'fields').at(-1) ?? '')
  if (has(expression, 'FuncCall')) {
    const call = expression['FuncCall']
    return ['min', 'max'].includes(nameOf(call)) && argumentsOf(call).some(isTimeColumn)
  }
  for (const kind of ['MinMaxExpr', 'CoalesceExpr']) if (has(expression, kind)) return argumentsOf(expression[kind]).some(isTimeColumn)
  return false
}

/** Seconds since 1970 are the same everywhere. */
function takesEpoch([field]: readonly unknown[]): boolean {
  return partsWithin(field, 'sval').includes('epoch')
}

/** The date and the clock of the session. CURRENT_TIMESTAMP is the same time everywhere. */
function isOfSession(part: unknown): boolean {
  return !/^SVFOP_(?:CURRENT_TIMESTAMP|CURRENT_USER|USER|SESSION_USER|CURRENT_CATALOG|CURRENT_SCHEMA)/.test(textAt(part, 'op'))
}

function isLocal(part: unknown): boolean {
  return has(part, 'is_local') && part['is_local'] === true
}

/** How every connection begins: see src/data/driver/session.ts. */
function isStartOfSession(of: Parts): boolean {
  return of('VariableSetStmt').some((part) => textAt(part, 'name') === 'timezone')
}

function has<Key extends string>(part: unknown, key: Key): part is Record<Key, unknown> {
  return typeof part === 'object' && part !== null && key in part
}

function textAt(part: unknown, key: string): string {
  const text = has(part, key) ? part[key] : undefined
  return typeof text === 'string' ? text : ''
}

/** A part of a statement without the queries in it. */
function withoutQueries(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(withoutQueries)
  if (typeof part !== 'object' || part === null) return part
  return Object.fromEntries(Object.entries(part).flatMap(([key, inner]) => (key === 'subselect' ? [] : [[key, withoutQueries(inner)]])))
}

/** The name of a function that is called, without its schema. */
function nameOf(call: unknown): string {
  return namesOf(call).at(-1) ?? ''
}

/** The parts of a name, such as that of a function with its schema. */
function namesOf(part: unknown, key: 'funcname' | 'fields' | 'name' | 'names' = 'funcname'): string[] {
  return has(part, key) ? partsWithin(part[key], 'sval').filter((name) => typeof name === 'string') : []
}

function argumentsOf(call: unknown): unknown[] {
  return has(call, 'args') && Array.isArray(call.args) ? call.args : []
}

function argumentOf(cast: unknown): unknown {
  return has(cast, 'arg') ? cast.arg : undefined
}

function typeOf(cast: unknown): string {
  return has(cast, 'typeName') ? (namesOf(cast.typeName, 'names').at(-1) ?? '') : ''
}
