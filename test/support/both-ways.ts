import { expect } from 'vitest'
import { seedDemo } from '../../prisma/seed.ts'
import { createApp } from '../../src/app.ts'
import type { Db } from '../../src/data/database.ts'
import { openDatabase } from '../../src/data/open-database.ts'
import { createApiKey } from '../../src/domain/api-keys/commands.ts'
import { type Scope, scopes } from '../../src/domain/context.ts'
import { defaultHttpSettings } from '../../src/http/settings.ts'
import { createLog } from '../../src/log.ts'
import { asClientSends, type ClientForm } from './client-documents.ts'
import { copyTemplate, countingLookups, noon } from './gateway.ts'
import { schema } from './generate-operations.ts'
import { withResolversOnly } from './resolvers-only.ts'
import { secretKeys } from './secret-keys.ts'

export interface Asked {
  readonly data: unknown
  readonly errors?: unknown
  readonly statements: number
  readonly execution?: { readonly mode: string; readonly reason: string | null }
}

interface Options {
  readonly as?: string
  readonly form?: ClientForm
}

/** A gateway with demo data, of which everything is asked twice: compiled, and by the resolvers alone, which are the reference. */
export interface BothWays {
  readonly db: Db
  readonly organizationId: string
  /** Their ids, in order. */
  readonly contacts: readonly string[]
  /** An email address or a phone number of each. */
  readonly addresses: readonly string[]
  readonly keyOf: (...granted: Scope[]) => Promise<string>
  readonly post: (query: string, variables?: object, as?: string) => Promise<Response>
  readonly ask: (query: string, variables?: object, as?: string) => Promise<Asked>
  readonly askBoth: (query: string, variables?: object, options?: Options) => Promise<[compiled: Asked, resolved: Asked]>
  close(): Promise<void>
}

export async function openBothWays(): Promise<BothWays> {
  const { config, remove } = await copyTemplate()
  const database = await openDatabase(config)
  const { db } = database
  const now = () => noon
  const organizationId = await seedDemo(db, { now: noon, crowd: 60 })
  const keyOf = async (...granted: Scope[]) => (await createApiKey({ db, now, organizationId }, { name: 'Reader', scopes: granted })).key
  const key = await keyOf(...scopes)
  // Generated operations ask for much at once, each field under an alias.
  const operationLimits = { ...defaultHttpSettings.operationLimits, maxAliases: 10_000, maxCost: 10_000_000 }
  const settings = { ...defaultHttpSettings, rateLimits: null, operationLimits }
  const app = createApp({ database, now, log: createLog('silent'), secretKeys, settings })
  const found = await db.prisma.contact.findMany({
    where: { organizationId },
    select: { id: true, email: true, phone: true },
    orderBy: { id: 'asc' },
  })

  function post(query: string, variables: object = {}, as = key): Promise<Response> {
    const headers = { 'X-API-Key': as, 'Content-Type': 'application/json' }
    return app.fetch(new Request('http://localhost:4000/graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables }) }))
  }

  async function ask(query: string, variables: object = {}, as = key): Promise<Asked> {
    const { result: response, statements } = await countingLookups(() => post(query, variables, as))
    // Event ids are encrypted, to another text each time.
    const text = (await response.text()).replaceAll(/"[\w-]{80,100}"/g, '"<event>"')
    const { data, errors, extensions } = Object(JSON.parse(text))
    return { data, ...(errors !== undefined && { errors }), statements, ...(extensions?.execution && { execution: extensions.execution }) }
  }

  return {
    db,
    organizationId,
    contacts: found.map(({ id }) => id),
    addresses: found.flatMap(({ email, phone }) => email ?? phone ?? []),
    keyOf,
    post,
    ask,
    /** Compiled it is asked twice: the second time its document is cached. */
    async askBoth(query, variables = {}, { as = key, form = 'by hand' } = {}) {
      const document = asClientSends(form, query, schema)
      const compiled = await ask(document, variables, as)
      const again = await ask(document, variables, as)
      // What is refused ends the reads that are under way, sooner or later.
      const statements = compiled.errors === undefined && compiled.execution?.mode === 'compiled' ? again.statements : compiled.statements
      expect({ query: document, ...again, statements }).toEqual({ query: document, ...compiled })
      return [compiled, await withResolversOnly(() => ask(document, variables, as))]
    },
    async close() {
      await app.close()
      await remove()
    },
  }
}

export function withoutLocations({ errors, data }: Asked): object {
  return { data, errors: Array.isArray(errors) ? errors.map(({ message, path, extensions }) => ({ message, path, extensions })) : errors }
}
