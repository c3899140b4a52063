import { AsyncLocalStorage } from 'node:async_hooks'
import type { Attributes } from '@opentelemetry/api'
import type {
  SqlDriverAdapter,
  SqlMigrationAwareDriverAdapterFactory,
  SqlQuery,
  SqlQueryable,
  Transaction,
} from '@prisma/driver-adapter-utils'
import { areStepsTraced, inClientSpan } from '../../kernel/span.ts'
import { faultOf } from '../faults.ts'

/** What one piece of work asked of the database. */
export interface StatementCount {
  /** SQL statements sent, those that begin and end transactions included. */
  statements: number
  /** Milliseconds until their answers were there, added up. */
  milliseconds: number
  /** Receives the text of every statement, for tests. */
  readonly onStatement?: (sql: string) => void
}

/** Counts can be nested: each statement counts for every piece of work that it is a part of. */
interface Counting {
  readonly count: StatementCount
  readonly around: Counting | undefined
}

const current = new AsyncLocalStorage<Counting>()

/** Runs some work, and counts on `count` the SQL statements that it sends. */
export function countStatements<Result>(count: StatementCount, work: () => Result): Result {
  return current.run({ count, around: current.getStore() }, work)
}

/** Counts the statements that go through a driver adapter towards the work that sent them. @param target what their spans say about the database */
export function counting(factory: SqlMigrationAwareDriverAdapterFactory, target: Attributes): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => countingAdapter(await factory.connect(), target),
    connectToShadowDb: () => factory.connectToShadowDb(),
  }
}

function countingAdapter(adapter: SqlDriverAdapter, target: Attributes): SqlDriverAdapter {
  return {
    ...countingQueries(adapter, target),
    executeScript: (script) => adapter.executeScript(script),
    async startTransaction(isolation) {
      return countingTransaction(await counted('BEGIN', target, () => adapter.startTransaction(isolation)), target)
    },
    getConnectionInfo: () => adapter.getConnectionInfo?.() ?? { supportsRelationJoins: false },
    dispose: () => adapter.dispose(),
  }
}

/** What a transaction does beside its statements fails for the same reasons. */
function countingTransaction(transaction: Transaction, target: Attributes): Transaction {
  return {
    ...countingQueries(transaction, target),
    options: transaction.options,
    commit: () => translatingFaults(() => transaction.commit()),
    rollback: () => translatingFaults(() => transaction.rollback()),
    createSavepoint: (name) => translatingFaults(async () => transaction.createSavepoint?.(name)),
    rollbackToSavepoint: (name) => translatingFaults(async () => transaction.rollbackToSavepoint?.(name)),
    releaseSavepoint: (name) => translatingFaults(async () => transaction.releaseSavepoint?.(name)),
  }
}

async function translatingFaults(act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    throw faultOf(error)
  }
}

function countingQueries(queryable: SqlQueryable, target: Attributes): SqlQueryable {
  return {
    provider: queryable.provider,
    adapterName: queryable.adapterName,
    queryRaw: (query: SqlQuery) => counted(query.sql, target, () => queryable.queryRaw(query)),
    executeRaw: (query: SqlQuery) => counted(query.sql, target, () => queryable.executeRaw(query)),
  }
}

/** Sends a statement, and counts it towards the work that it is a part of. Faults of the database as a whole are thrown as such. */
export async function counted<Result>(sql: string, target: Attributes, send: () => Promise<Result>): Promise<Result> {
  const counting = current.getStore()
  const began = performance.now()
  try {
    return await (areStepsTraced()
      ? inClientSpan(verbOf(sql), { ...target, 'db.operation.name': verbOf(sql), 'db.query.text': sql }, send)
      : send())
  } catch (error) {
    throw faultOf(error)
  } finally {
    const milliseconds = performance.now() - began
    for (let scope: Counting | undefined = counting; scope !== undefined; scope = scope.around) {
      scope.count.statements += 1
      scope.count.milliseconds += milliseconds
      scope.count.onStatement?.(sql)
    }
  }
}

/** What a statement does: its first word. */
function verbOf(sql: string): string {
  return /[a-z]+/i.exec(sql)?.[0].toUpperCase() ?? 'SQL'
}
