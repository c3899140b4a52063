import { defineConfig } from 'prisma/config'

// `prisma generate` looks for a schema engine that it never runs, and downloads one where it finds none.
// Naming any program that exists keeps it offline; migrations run on the engine's WebAssembly build (src/data/migrate.ts).
if (process.argv.includes('generate')) process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath

export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations' },
  // For `prisma migrate status` and `prisma migrate deploy`, which download the native engine; the gateway itself does not read it.
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://localhost:5432/contacts' },
})
