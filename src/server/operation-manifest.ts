import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DocumentNode, type GraphQLSchema, parse, validate } from 'graphql'
import { z } from 'zod'
import { InvalidInput } from '../kernel/errors.ts'

/** The operations that a frontend was built with, by the SHA-256 (hexadecimal) of their text. */
export type Manifest = ReadonlyMap<string, string>

const manifestFile = z.record(z.string().regex(/^[0-9a-f]{64}$/), z.string())

/** Reads a manifest: a JSON object from hash to operation. @throws Error if it is not one, or if a hash is not its text's. */
export function readManifest(path: string): Manifest {
  const result = manifestFile.safeParse(readJson(path))
  if (!result.success) throw new Error(`${path} is not a JSON object from SHA-256 to operation.`)
  const documents = new Map(Object.entries(result.data))
  for (const [hash, text] of documents) if (sha256(text) !== hash) throw new Error(`${path}: ${hash} is not the SHA-256 of its operation.`)
  return documents
}

function readJson(path: string): unknown {
  const text = readFileSync(path, 'utf8')
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`${path} is not JSON.`)
  }
}

/**
 * Writes the manifest of a folder of `.graphql` files, one operation with its fragments in each.
 * Every operation has to fit the schema. Returns how many there are.
 * @throws InvalidInput naming every file that does not fit
 */
export function writeManifest(schema: GraphQLSchema, folder: string, path: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:graphql|gql)$/.test(name))
  const documents = files.toSorted().map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
  const faults = documents.flatMap(({ name, text }) => faultsOf(schema, text).map((fault) => `  ${name}: ${fault}`))
  if (documents.length === 0) throw new InvalidInput(`There is no .graphql file in ${folder}.`, { field: 'folder' })
  if (faults.length > 0) throw new InvalidInput(`Some operations do not fit the schema:\n${faults.join('\n')}`, { field: 'folder' })
  const manifest = Object.fromEntries(documents.map(({ text }) => [sha256(text), text]))
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`)
  return Object.keys(manifest).length
}

function faultsOf(schema: GraphQLSchema, text: string): string[] {
  let document: DocumentNode
  try {
    document = parse(text)
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
  return validate(schema, document).map(({ message }) => message)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
