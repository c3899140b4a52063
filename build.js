// Makes the programs in dist/, with the Prisma client generated before where the schema has changed.
// `npm start` imports this ahead of dist/main.js, so that what runs is never stale.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { build, buildSync } from 'esbuild'

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
  await buildConsole()
}

const site = join(root, 'dist', 'docs', 'site.json')
const pages = ['docs', 'README.md', 'CHANGELOG.md', 'package-lock.json'].map((path) => lastChange(join(root, path)))
if (!existsSync(site) || statSync(site).mtimeMs < Math.max(...pages)) {
  const { buildDocs } = await import('./docs/site/build.js')
  buildDocs(root)
}

/**
 * Lets each module that is imported later import the first screen, which is there by then. So what both need is one file, instead of a small one
 * for each set of modules that share something.
 */
function importFirstScreen({ onLoad }) {
  const folder = join(root, 'src', 'console')
  const sources = readdirSync(folder, { recursive: true }).flatMap((name) => (name.endsWith('.tsx') ? [join(folder, name)] : []))
  const later = new Set(
    sources.flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/import\('(.+?)'\)/g)].map(([, imported]) => join(dirname(path), imported)),
    ),
  )
  onLoad({ filter: /\.tsx$/ }, ({ path }) =>
    later.has(path)
      ? { contents: `${readFileSync(path, 'utf8')}\nimport ${JSON.stringify(join(folder, 'app.tsx'))}`, loader: 'tsx' }
      : undefined,
  )
}

function asset(path) {
  return `/console/assets/${basename(path)}`
}

/** Builds the console's page and its assets, whose names contain a hash, so that browsers may keep them for ever. */
async function buildConsole() {
  const folder = join(root, 'dist', 'console')
  const outdir = join(folder, 'assets')
  rmSync(folder, { recursive: true, force: true })
  const common = {
    absWorkingDir: root,
    outdir,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    metafile: true,
    logLevel: 'warning',
  }
  const { metafile } = await build({
    ...common,
    entryPoints: ['src/console/main.tsx', 'src/console/styles.css'],
    splitting: true,
    format: 'esm',
    jsx: 'automatic',
    plugins: [{ name: 'import-first-screen', setup: importFirstScreen }],
  })
  const early = await build({ ...common, entryPoints: ['src/console/early.ts'], format: 'iife' })
  const made = Object.entries(metafile.outputs)
  const script = made.find(([, { entryPoint }]) => entryPoint === 'src/console/main.tsx')?.[0] ?? ''
  const style = made.find(([name]) => name.endsWith('.css'))?.[0] ?? ''
  const first = Object.keys(early.metafile.outputs)[0] ?? ''
  // What the first screen needs beside the script itself; pages that are imported later are not among it.
  const needed = new Set([script])
  for (const name of needed)
    for (const { path, kind } of metafile.outputs[name]?.imports ?? []) if (kind === 'import-statement') needed.add(path)
  // Chromium compiles what begins with this while it is being loaded, beside the page's main thread; otherwise that does it, call by call.
  for (const name of [first, ...needed]) {
    const path = join(root, name)
    writeFileSync(path, `//# allFunctionsCalledOnLoad\n${readFileSync(path, 'utf8')}`)
  }
  // Compressed here, and better than would be worth it at each request.
  mkdirSync(join(folder, 'compressed'))
  for (const name of readdirSync(outdir))
    writeFileSync(join(folder, 'compressed', `${name}.br`), brotliCompressSync(readFileSync(join(outdir, name))))
  needed.delete(script)
  const preloads = [...needed].map((name) => `\n    <link rel="modulepreload" href="${asset(name)}" />`).join('')
  // The early script comes before the style, which it would wait for.
  writeFileSync(
    join(folder, 'index.html'),
    `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="demo-key" content="" />
    <title>Contact gateway</title>
    <link rel="icon" href="data:," />
    <script src="${asset(first)}"></script>
    <link rel="stylesheet" href="${asset(style)}" />${preloads}
    <script type="module" src="${asset(script)}"></script>
  </head>
  <body>
    <div id="console"></div>
  </body>
</html>
`,
  )
}
