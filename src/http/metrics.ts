import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Database } from '../data/open-database.ts'
import type { Limiters } from '../data/limiter.ts'
import { importedRows } from '../domain/imports/job/tally.ts'
import type { WebhookCounts } from '../domain/webhooks/counts.ts'
import { version } from '../kernel/version.ts'
import type { RequestInfo } from './request-context.ts'
import type { Subscribers } from './graphql/subscriptions/registry.ts'

/** Figures about the process, for Prometheus. */
export interface Metrics {
  readonly contentType: string
  record(request: RequestInfo, status: number, seconds: number): void
  /** The figures in Prometheus' text format. */
  text(): Promise<string>
}

/** Processes that serve together: whichever of them is asked answers for all. */
export interface ClusterWorker {
  /** The name of this one among them, which stands at each of its figures. */
  readonly name: string
  /** @param own the figures of this process. @returns asks for those of all */
  clusterMetrics(own: () => Promise<string>): () => Promise<string>
}

interface MetricsServices {
  readonly connections: Database['connections']
  readonly limiters: Pick<Limiters, 'isRedisReady'>
  readonly replicas: Database['replicas']
  readonly subscribers: Pick<Subscribers, 'count'>
  readonly webhooks: { readonly counts: WebhookCounts }
  readonly worker: ClusterWorker | null
}

/**
 * Counts what is answered. Labels come from bounded sets only: a GraphQL operation's name, which its author chooses, is never one.
 */
export function createMetrics({ connections, limiters, replicas, subscribers, webhooks, worker }: MetricsServices): Metrics {
  const register = new Registry()
  const registers = [register]
  collectDefaultMetrics({ register })
  const duration = new Histogram({
    name: 'gateway_request_duration_seconds',
    help: 'How long requests took, by what they did and the status that they were answered with.',
    labelNames: ['operation', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  })
  const refusals = new Counter({
    name: 'gateway_refusals_total',
    help: 'Requests that were refused or failed, by the code of the error.',
    labelNames: ['code'],
    registers,
  })
  const cost = new Histogram({
    name: 'gateway_operation_cost',
    help: 'The cost of GraphQL operations.',
    buckets: [10, 100, 500, 1000, 5000, 10_000, 50_000],
    registers,
  })
  const build = new Gauge({ name: 'gateway_build_info', help: 'Always 1; the label has the version.', labelNames: ['version'], registers })
  build.set({ version }, 1)
  const operations = new Counter({
    name: 'gateway_operations_total',
    help: 'GraphQL operations by how they were executed: compiled to SQL, mixed with resolvers, or by resolvers alone.',
    labelNames: ['execution'],
    registers,
  })
  const statements = new Counter({ name: 'gateway_sql_statements_total', help: 'SQL statements that requests ran.', registers })
  const statementSeconds = new Counter({
    name: 'gateway_sql_seconds_total',
    help: 'Time that requests waited for SQL statements.',
    registers,
  })
  const rows = new Counter({
    name: 'gateway_import_rows_total',
    help: 'Rows of imports that this process has worked on, by what they came to; dry runs do not count.',
    labelNames: ['outcome'],
    registers: [],
    collect() {
      this.reset()
      for (const [outcome, count] of Object.entries(importedRows())) this.inc({ outcome }, count)
    },
  })
  const pool = new Gauge({
    name: 'gateway_database_connections',
    help: 'Connections to the database: open, idle, and requests that wait for one.',
    labelNames: ['state'],
    registers: [],
    collect() {
      for (const [state, count] of Object.entries(connections())) this.set({ state }, count)
    },
  })
  const open = new Gauge({
    name: 'gateway_subscriptions',
    help: 'Subscriptions that are open.',
    registers: [],
    collect() {
      this.set(subscribers.count())
    },
  })
  const inUse = new Gauge({
    name: 'gateway_replica_in_use',
    help: 'Whether a replica is read from (1), or left out because it cannot be reached or is too far behind (0).',
    labelNames: ['replica'],
    registers: [],
    collect() {
      for (const replica of replicas?.states() ?? []) this.set({ replica: replica.name }, replica.inUse ? 1 : 0)
    },
  })
  const lag = new Gauge({
    name: 'gateway_replica_lag_bytes',
    help: 'How much of the write-ahead log a replica had not replayed when it was last asked.',
    labelNames: ['replica'],
    registers: [],
    collect() {
      for (const replica of replicas?.states() ?? []) this.set({ replica: replica.name }, replica.lag)
    },
  })
  const webhookAttempts = new Counter({
    name: 'gateway_webhook_attempts_total',
    help: 'Requests that this process has sent to webhook endpoints: delivered, failed for good, or to be retried.',
    labelNames: ['outcome'],
    registers: [],
    collect() {
      this.reset()
      for (const [outcome, count] of Object.entries(webhooks.counts.attempts)) this.inc({ outcome }, count)
    },
  })
  const switchedOff = new Counter({
    name: 'gateway_webhook_endpoints_switched_off_total',
    help: 'Webhook endpoints that this process has switched off after three days of failures.',
    registers: [],
    collect() {
      this.reset()
      this.inc(webhooks.counts.switchedOff)
    },
  })
  register.registerMetric(rows)
  register.registerMetric(webhookAttempts)
  register.registerMetric(switchedOff)
  register.registerMetric(pool)
  register.registerMetric(open)
  register.registerMetric(inUse)
  register.registerMetric(lag)
  // Only there where there is a Redis server to be asked.
  if (limiters.isRedisReady() !== null)
    register.registerMetric(
      new Gauge({
        name: 'gateway_rate_limit_redis_ready',
        help: 'Whether rate limits are counted in Redis; 0 while it is away, and this process counts for itself.',
        registers: [],
        collect() {
          this.set(limiters.isRedisReady() === true ? 1 : 0)
        },
      }),
    )
  if (worker !== null) register.setDefaultLabels({ worker: worker.name })
  const own = () => register.metrics()
  return {
    contentType: register.contentType,
    record(request, status, seconds) {
      duration.observe({ operation: operationLabel(request), status }, seconds)
      if (request.errorCode !== null) refusals.inc({ code: request.errorCode })
      if (request.cost !== null) cost.observe(request.cost)
      if (request.execution !== null) operations.inc({ execution: request.execution.mode })
      statements.inc(request.count.statements)
      statementSeconds.inc(request.count.milliseconds / 1000)
    },
    text: worker?.clusterMetrics(own) ?? own,
  }
}

/** A route's name; of a GraphQL operation only whether it is a query, mutation or subscription. */
function operationLabel({ operation, cost }: RequestInfo): string {
  if (operation === null) return 'other'
  return cost === null ? operation : (operation.split(' ', 1)[0] ?? 'other')
}
