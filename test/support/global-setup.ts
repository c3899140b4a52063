import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../../src/data/database.ts'

/** The migrated database that every test file copies: a folder, or a database on the server that `DATABASE_URL` names. */
export interface Template {
  readonly folder: string | null
  readonly server: { readonly url: string; readonly database: string } | null
}

declare module 'vitest' {
  interface ProvidedContext {
    template: Template
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env['DATABASE_URL'] ?? ''
  return url === '' ? embedded(project) : onServer(project, url)
}

async function embedded(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'contact-gateway-test-'))
  await (await openDatabase({ url: null, dataDir: folder })).close()
  project.provide('template', { folder, server: null })
  return () => rm(folder, { recursive: true, force: true })
}

/** Nothing is done to the database that the URL names: the tests make their own beside it, and remove them. */
async function onServer(project: TestProject, url: string): Promise<() => Promise<void>> {
  const database = `contact_gateway_test_${process.pid}`
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  await pool.query(`create database ${database}`)
  // Not the tests' time zone nor UTC: code that forgets UTC fails a test.
  await pool.query(`alter database ${database} set timezone to 'Asia/Kathmandu'`)
  await (await openDatabase({ url: databaseUrl(url, database), dataDir: '' })).close()
  project.provide('template', { folder: null, server: { url, database } })
  return async () => {
    const { rows } = await pool.query<{ datname: string }>('select datname from pg_database where datname like $1', [`${database}%`])
    for (const { datname } of rows) await pool.query(`drop database ${datname} with (force)`)
    await pool.end()
  }
}

export function databaseUrl(url: string, database: string): string {
  const other = new URL(url)
  other.pathname = `/${database}`
  return other.href
}
