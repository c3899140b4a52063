import { type Running, start } from './measure.ts'
import type { Question } from './operations.ts'
import { type Postgres, untilSettled, withClient } from './postgres.ts'
import { seed, type Size } from './seed.ts'
import { gateway } from './targets/gateway.ts'

export const ready: Question = { method: 'GET', path: '/ready' }

/** A gateway on a database of its own with so many contacts, which has been started, and has learned what it learns of them. */
export interface Filled {
  readonly url: string
  readonly organization: string
  readonly server: Running
}

/**
 * @param database its name
 * @param prepare what else the contacts need, before anything is learned of them
 */
export async function startFilled(
  postgres: Postgres,
  database: string,
  size: Size,
  prepare: (server: Running) => Promise<void> = async () => {},
): Promise<Filled> {
  const began = performance.now()
  const { href: url } = new URL(`/${database}`, postgres.url)
  await withClient(postgres.url, (client) => client.query(`create database ${database}`))
  const first = await start(gateway, url, ready)
  const organization = await seed(url, size)
  await first.stop()
  const server = await start(gateway, url, ready)
  await prepare(server)
  await untilSettled(url)
  console.error(`${size.contacts.toLocaleString('en')} contacts are served after ${Math.round((performance.now() - began) / 1000)} s`)
  return { url, organization, server }
}
