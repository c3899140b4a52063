import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { bindMigrationAwareSqlAdapterFactory, type SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import type { MigrationList, SchemaContainer, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg'
import { packageRoot } from '../kernel/package-root.ts'

/** Node has it; its type declarations do not. */
declare const WebAssembly: {
  instantiate(binary: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>
}

export type { MigrationList, SchemaContainer } from '@prisma/schema-engine-wasm/schema_engine_bg'

/** No table and no enum is left out of what the engine looks at. */
export const everything = { externalTables: [], externalEnums: [] }

/** The options that the engine needs where it only applies migrations. */
const anyPostgres: SchemaContainer = { path: 'any.prisma', content: 'datasource db {\n  provider = "postgresql"\n}\n' }

/**
 * Prisma's own schema engine, in its WebAssembly build: the same that `prisma migrate` runs as a program,
 * with no program to download. It speaks to the database through a driver adapter.
 */
export async function startSchemaEngine(
  factory: SqlMigrationAwareDriverAdapterFactory,
  schema: readonly SchemaContainer[] = [anyPostgres],
): Promise<SchemaEngine> {
  loading ??= load()
  const { SchemaEngine: Engine } = await loading
  const datamodels = schema.map(({ path, content }): [string, string] => [path, content])
  return Engine.new({ datamodels }, () => {}, bindMigrationAwareSqlAdapterFactory(factory))
}

/** The package keeps its WebAssembly instance in a variable of its own: loading it twice would pull it from under the first. */
let loading: ReturnType<typeof load> | undefined

async function load() {
  const module = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'))
  const binary = await readFile(join(folder, 'schema_engine_bg.wasm'))
  // The package expects a bundler to tie its two halves together; this is that knot.
  const { instance } = await WebAssembly.instantiate(binary, { './schema_engine_bg.js': { ...module } })
  const { __wbindgen_start: start } = instance.exports
  module.__wbg_set_wasm(instance.exports)
  if (typeof start === 'function') start()
  return module
}

/** The migrations of this package, in their order. */
export async function readMigrations(): Promise<MigrationList> {
  const folder = join(packageRoot(), 'prisma', 'migrations')
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return {
    baseDir: folder,
    lockfile: { path: 'migration_lock.toml', content: await readFile(join(folder, 'migration_lock.toml'), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.toSorted().map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok' as const, value: await readFile(join(folder, name, 'migration.sql'), 'utf8') },
        },
      })),
    ),
  }
}
