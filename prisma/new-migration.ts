// `npm run migration <what_changes>`: writes the SQL from the migrations to the Prisma schema as a new migration, to be read,
// completed with what Prisma cannot say, and committed.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { drift } from './drift.ts'

const [what] = process.argv.slice(2)
if (what === undefined || !/^[a-z][a-z0-9_]*$/.test(what))
  throw new Error('Say what changes, in snake_case: npm run migration add_shoe_size')
const sql = await drift()
if (sql === null) {
  console.log('The migrations and the Prisma schema agree; there is nothing to write.')
} else {
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  const folder = join(import.meta.dirname, 'migrations', `${time}_${what}`)
  await mkdir(folder)
  await writeFile(join(folder, 'migration.sql'), sql)
  console.log(`Wrote ${join(folder, 'migration.sql')}`)
}
