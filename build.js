// Makes the programs in dist/, with the Prisma client generated before where the schema has changed.
// `npm start` imports this ahead of dist/main.js, so that what runs is never stale.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, delimiter, join } from 'node:path'
import { buildSync } from 'esbuild'

const root = import.meta.dirname
const schema = join(root, 'prisma', 'schema')
const client = join(root, 'src', 'data', 'generated', 'client.ts')

const changed = Math.max(...readdirSync(schema).map((file) => statSync(join(schema, file)).mtimeMs))
if (!existsSync(client) || statSync(client).mtimeMs < changed) {
  const generate = spawnSync(process.execPath, [join(root, 'node_modules', 'prisma', 'build', 'index.js'), 'generate'], {
    cwd: root,
    encoding: 'utf8',
    // Its generators are programs that are looked for by name, as npm has it.
    env: { ...process.env, PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter) },
  })
  if (generate.status !== 0) throw new Error(`The Prisma client could not be generated:\n${generate.stdout}${generate.stderr}`)
}

// What is installed is put into the same few files: to find and to read a thousand takes a start longer than all else that it does. Outside stays what has
// files of its own beside it, and what is large and loaded only when it is needed.
const outside = [
  '@electric-sql/pglite',
  '@graphql-yoga/render-graphiql',
  '@opentelemetry/*',
  '@prisma/client/runtime/query_compiler_*',
  '@prisma/schema-engine-wasm',
  'swagger-ui-dist',
]

/** When something in a folder was last changed, or the file itself. */
function lastChange(path) {
  if (!statSync(path).isDirectory()) return statSync(path).mtimeMs
  return Math.max(
    ...readdirSync(path, { recursive: true, withFileTypes: true }).map((file) => statSync(join(file.parentPath, file.name)).mtimeMs),
  )
}

const made = join(root, 'dist', 'main.js')
const sources = ['src', 'prisma', 'package-lock.json', 'build.js'].map((path) => lastChange(join(root, path)))
if (!existsSync(made) || statSync(made).mtimeMs < Math.max(...sources)) {
  buildSync({
    absWorkingDir: root,
    entryPoints: { main: 'src/server/start.ts', cli: 'src/cli/cli.ts' },
    outdir: 'dist',
    bundle: true,
    splitting: true,
    external: outside,
    platform: 'node',
    // A name out of a module for CommonJS is looked up at every use; out of an ES module it is only a name.
    mainFields: ['module', 'main'],
    // What is installed checks more, and takes longer for it, unless it is told at every start that this is no development.
    define: { 'process.env.NODE_ENV': '"production"' },
    target: 'node20',
    format: 'esm',
    // What is installed and still written for CommonJS asks for Node's own modules in this way.
    banner: { js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);" },
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  })
  buildConsole()
}

const site = join(root, 'dist', 'docs', 'site.json')
const pages = ['docs', 'README.md', 'CHANGELOG.md', 'package-lock.json'].map((path) => lastChange(join(root, path)))
if (!existsSync(site) || statSync(site).mtimeMs < Math.max(...pages)) {
  const { buildDocs } = await import('./docs/site/build.js')
  buildDocs(root)
}

function asset(path) {
  return `/console/assets/${basename(path)}`
}

/** Builds the console's page and its assets, whose names contain a hash, so that browsers may keep them for ever. */
function buildConsole() {
  const outdir = join(root, 'dist', 'console', 'assets')
  rmSync(outdir, { recursive: true, force: true })
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: ['src/console/main.tsx', 'src/console/styles.css'],
    outdir,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    jsx: 'automatic',
    platform: 'browser',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    metafile: true,
    logLevel: 'warning',
  })
  const made = Object.entries(metafile.outputs)
  const script = made.find(([, { entryPoint }]) => entryPoint === 'src/console/main.tsx')?.[0] ?? ''
  const style = made.find(([name]) => name.endsWith('.css'))?.[0] ?? ''
  // What the first screen needs beside the script itself; pages that are imported later are not among it.
  const needed = new Set([script])
  for (const name of needed)
    for (const { path, kind } of metafile.outputs[name]?.imports ?? []) if (kind === 'import-statement') needed.add(path)
  needed.delete(script)
  const preloads = [...needed].map((name) => `\n    <link rel="modulepreload" href="${asset(name)}" />`).join('')
  writeFileSync(
    join(root, 'dist', 'console', 'index.html'),
    `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="demo-key" content="" />
    <title>Contact gateway</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${asset(style)}" />
    <script type="module" src="${asset(script)}"></script>${preloads}
  </head>
  <body>
    <div id="console"></div>
  </body>
</html>
`,
  )
}
