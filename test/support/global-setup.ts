import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../../src/data/open-database.ts'
import { citusSettings, connectNodes, distribute, nodesOf, queryOn } from './citus.ts'

/** The migrated database that test files copy. */
export interface Template {
  /** The folder of the embedded database; null on a server. */
  readonly folder: string | null
  readonly server: TemplateOnServer | null
}

/** A database on the server that `DATABASE_URL` names, or on every node of the Citus cluster that `CITUS_URL` names. */
export interface TemplateOnServer {
  readonly url: string
  readonly database: string
  /** The URLs of all nodes, the first one being `url`. */
  readonly nodes: readonly string[]
  /** What is set for the database, which a copy does not inherit. */
  readonly settings: readonly string[]
}

declare module 'vitest' {
  interface ProvidedContext {
    template: Template
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [url = '', citus = ''] = [process.env['DATABASE_URL'], process.env['CITUS_URL']]
  if (citus !== '') return onServer(project, citus, { isCitus: true })
  return url === '' ? embedded(project) : onServer(project, url, { isCitus: false })
}

async function embedded(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'contact-gateway-test-'))
  await (await openDatabase({ url: null, dataDir: folder })).close()
  project.provide('template', { folder, server: null })
  return () => rm(folder, { recursive: true, force: true })
}

/** Nothing is done to the database that the URL names: the tests make their own beside it, and remove them. */
async function onServer(project: TestProject, url: string, { isCitus }: { readonly isCitus: boolean }): Promise<() => Promise<void>> {
  const database = `contact_gateway_test_${process.pid}`
  // Not the tests' time zone nor UTC: code that forgets UTC fails a test.
  const settings = ["timezone to 'Asia/Kathmandu'", ...(isCitus ? citusSettings : [])]
  const template = { url, database, nodes: isCitus ? await nodesOf(url) : [url], settings }
  await createDatabase(template, database, null)
  await (await openDatabase({ url: databaseUrl(url, database), dataDir: '' })).close()
  if (isCitus) {
    await distribute(databaseUrl(url, database))
    for (const node of template.nodes) await endSessions(node, database)
  }
  project.provide('template', { folder: null, server: template })
  return async () => {
    for (const node of template.nodes) {
      const names = await queryOn<{ datname: string }>(node, `select datname from pg_database where datname like '${database}%'`)
      for (const { datname } of names) await queryOn(node, `drop database ${datname} with (force)`)
    }
  }
}

/** Creates a database on every node: an empty one, or a copy. */
export async function createDatabase({ url, nodes, settings }: TemplateOnServer, name: string, copyOf: string | null): Promise<void> {
  const source = copyOf === null ? '' : `template ${copyOf}`
  await Promise.all(nodes.map((node) => queryOn(node, `create database ${name} ${source}`)))
  for (const setting of settings) await queryOn(url, `alter database ${name} set ${setting}`)
  if (copyOf === null && nodes.length > 1) await connectNodes(nodes.map((node) => databaseUrl(node, name)))
}

/** Ends the sessions that Citus keeps in a database, and lets none begin: a database that is in use cannot be copied. */
async function endSessions(node: string, database: string): Promise<void> {
  await queryOn(node, `alter database ${database} allow_connections false`)
  await queryOn(node, `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '${database}'`)
}

export function databaseUrl(url: string, database: string): string {
  const other = new URL(url)
  other.pathname = `/${database}`
  return other.href
}
