import { median } from '../bulk/support.ts'
import type { Form } from './forms.ts'
import type { Round } from './measure.ts'
import { type OperationName, operations } from './operations.ts'

/** What some rounds of one question took. */
export interface Figures {
  /** Milliseconds of CPU for each request, the median of the rounds. */
  readonly cpu: { readonly total: number; readonly server: number; readonly database: number }
  readonly perSecond: number
  /** Milliseconds. */
  readonly latency: { readonly p50: number; readonly p99: number }
  readonly requests: number
}

export interface Row extends Figures {
  readonly operation: OperationName
  readonly form: Form
  readonly server: string
}

export function summarize(operation: OperationName, form: Form, server: string, rounds: readonly Round[]): Row {
  return { operation, form, server, ...figuresOf(rounds) }
}

export function figuresOf(rounds: readonly Round[]): Figures {
  const each = (read: (round: Round) => number) => median(rounds.map(read))
  const latencies = rounds.flatMap(({ latencies }) => latencies).toSorted((one, other) => one - other)
  const at = (part: number) => latencies[Math.min(Math.floor(latencies.length * part), latencies.length - 1)] ?? 0
  return {
    cpu: {
      total: each(({ cpu, requests }) => (cpu.server + cpu.database) / requests),
      server: each(({ cpu, requests }) => cpu.server / requests),
      database: each(({ cpu, requests }) => cpu.database / requests),
    },
    perSecond: each(({ requests, milliseconds }) => (requests / milliseconds) * 1000),
    latency: { p50: at(0.5), p99: at(0.99) },
    requests: latencies.length,
  }
}

/** The CPU of a request, and its parts: `1.07 (0.71 + 0.36)`. */
export function cpuText({ cpu: { total, server, database } }: Figures): string {
  return `${total.toFixed(2)} (${server.toFixed(2)} + ${database.toFixed(2)})`
}

/** The figures as a table, and the gateway's CPU as a part of each peer's. */
export function printTable(about: Readonly<Record<string, string | number>>, rows: readonly Row[]): void {
  console.log(
    Object.entries(about)
      .map(([what, value]) => `${what} ${value}`)
      .join(' · '),
  )
  const names = [...new Set(rows.map(({ server }) => server))]
  console.log(
    `\n| operation | server | CPU ms/request (server + database) | requests/s | p50 ms | p99 ms | gateway ÷ this |\n|---|---|---:|---:|---:|---:|---:|`,
  )
  for (const asked of new Set(rows.map(({ operation, form }) => `${operation} ${form}`))) {
    const same = rows.filter(({ operation, form }) => `${operation} ${form}` === asked)
    const ours = same.find(({ server }) => server === names[0])
    for (const row of same) {
      const ratio = ours === undefined || row === ours ? '' : (ours.cpu.total / row.cpu.total).toFixed(2)
      console.log(
        `| ${operations[row.operation]} (${row.form}) | ${row.server} | ${cpuText(row)} | ${row.perSecond.toFixed(0)} | ${row.latency.p50.toFixed(1)} | ${row.latency.p99.toFixed(1)} | ${ratio} |`,
      )
    }
  }
}
