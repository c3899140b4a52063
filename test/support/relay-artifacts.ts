import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ConcreteRequest } from 'relay-runtime'

/** What Relay's compiler makes of documents of one module; remove it after the tests. */
export interface RelayArtifacts {
  /** The artifact of an operation by its name. */
  load(name: string): Promise<ConcreteRequest>
  remove(): void
}

/** Compiles documents with Relay's compiler against the schema of the project. The compiler demands that their names begin with `documents`. */
export function compileForRelay(documents: readonly string[]): RelayArtifacts {
  const folder = mkdtempSync(join(tmpdir(), 'contact-gateway-relay-'))
  mkdirSync(join(folder, 'src'))
  mkdirSync(join(folder, 'artifacts'))
  cpSync('schema.graphql', join(folder, 'schema.graphql'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(join(folder, 'src', 'documents.js'), documents.map((text) => `graphql\`${text}\``).join('\n'))
  const config = {
    src: './src',
    schema: './schema.graphql',
    language: 'javascript',
    artifactDirectory: './artifacts',
    eagerEsModules: true,
  }
  writeFileSync(join(folder, 'relay.config.json'), JSON.stringify(config))
  // proof: the package exports the path of its program for this platform
  const compiler = createRequire(import.meta.url)('relay-compiler') as string
  const { status, stdout, stderr } = spawnSync(compiler, ['relay.config.json'], { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${stdout}\n${stderr}`)
  return {
    async load(name) {
      const module = (await import(pathToFileURL(join(folder, 'artifacts', `${name}.graphql.js`)).href)) as { default: ConcreteRequest }
      return module.default
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}
