import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DocumentNode, type GraphQLSchema, parse, validate } from 'graphql'
import { z } from 'zod'
import { InvalidInput } from '../kernel/errors.ts'

/** The operations that a frontend was built with, by their ids: mostly the hash (hexadecimal) of their text. */
export type Manifest = ReadonlyMap<string, string>

const id = z.string().regex(/^[\w:.-]{1,200}$/)

/** `{hash: text}`, as graphql-codegen and the Relay compiler write it, and our own command. */
const byHash = z.record(id, z.string())

/** As Apollo's `generate-persisted-query-manifest` writes it. */
const ofApollo = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id, body: z.string() })),
})

/** Which hash an id is, by its length in hexadecimal: Relay takes MD5 by default, graphql-codegen SHA-1, Apollo SHA-256. */
const algorithms: Readonly<Record<number, { readonly algorithm: string; readonly name: string }>> = {
  32: { algorithm: 'md5', name: 'MD5' },
  40: { algorithm: 'sha1', name: 'SHA-1' },
  64: { algorithm: 'sha256', name: 'SHA-256' },
}

/**
 * Reads a manifest as Apollo, graphql-codegen or Relay write it.
 * @throws Error if it has another form, or if a hash is not its text's
 */
export function readManifest(path: string): Manifest {
  const json = readJson(path)
  const [apollo, hashes] = [ofApollo.safeParse(json), byHash.safeParse(json)]
  if (!apollo.success && !hashes.success)
    throw new Error(`${path} is not a manifest of operations: a JSON object from hash to operation, or Apollo's format with "operations".`)
  const entries = apollo.success ? apollo.data.operations.map(({ id, body }) => [id, body] as const) : Object.entries(hashes.data ?? {})
  return new Map(entries.map(([id, text]) => [verified(id.replace(/^sha256:/, ''), text, path), text]))
}

/** Ids that are no hash are names that the frontend has chosen. */
function verified(id: string, text: string, path: string): string {
  const { algorithm, name } = (/^[0-9a-f]+$/.test(id) && algorithms[id.length]) || { algorithm: null, name: null }
  if (algorithm !== null && createHash(algorithm).update(text).digest('hex') !== id)
    throw new Error(`${path}: ${id} is not the ${name} of its operation.`)
  return id
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
