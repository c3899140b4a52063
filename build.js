// Makes the programs in dist/, with the Prisma client generated before where the schema has changed.
// `npm start` imports this ahead of dist/main.js, so that what runs is never stale.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'

const root = import.meta.dirname
const schema = join(root, 'prisma', 'schema')
const client = join(root, 'src', 'data', 'generated', 'client.ts')

const changed = Math.max(...readdirSync(schema).map((file) => statSync(join(schema, file)).mtimeMs))
if (!existsSync(client) || statSync(client).mtimeMs < changed) {
  const generate = spawnSync(process.execPath, [join(root, 'node_modules', 'prisma', 'build', 'index.js'), 'generate'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (generate.status !== 0) throw new Error(`The Prisma client could not be generated:\n${generate.stdout}${generate.stderr}`)
}

buildSync({
  absWorkingDir: root,
  entryPoints: ['src/main.ts', 'src/cli.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  sourcemap: true,
  logLevel: 'warning',
})
