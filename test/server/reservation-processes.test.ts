import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { type Database, openDatabase } from '../../src/data/open-database.ts'
import { createApiKey } from '../../src/domain/api-keys/commands.ts'
import { createContact } from '../../src/domain/contacts/commands.ts'
import { scopes } from '../../src/domain/context.ts'
import { upsertFrequencyCapRule } from '../../src/domain/frequency-caps/commands.ts'
import { createOrganization } from '../../src/domain/organizations/commands.ts'
import { copyTemplate } from '../support/gateway.ts'
import { startServer } from '../support/process.ts'
import { secretKeys } from '../support/secret-keys.ts'

const processes = Number(process.env['RESERVATION_PROCESSES'] ?? 3)
const attempts = Number(process.env['RESERVATION_ATTEMPTS'] ?? 5)
/** Each process starts a runtime of its own, which takes long where many do at once. */
const patience = 240_000 + 60_000 * processes
const limits = [1, 2, 3, 4, 5]
// The embedded database belongs to one process.
const isOnServer = inject('template').server !== null

/** An organization with one contact for each limit. */
async function givenLimits({ db }: Database) {
  const now = () => new Date()
  const organizationId = await createOrganization({ db, now }, { name: 'Senders' })
  const { key } = await createApiKey({ db, now, organizationId }, { name: 'Sender', scopes })
  const context = { actor: { organizationId, keyId: '', name: 'Test', scopes }, requestId: null, db, now, secretKeys }
  const contacts = new Map<string, number>()
  for (const limit of limits) {
    const tags = [`limit${limit}`]
    await upsertFrequencyCapRule(context, null, { name: `At most ${limit}`, limit, windowSeconds: 86_400, audience: { tags } })
    contacts.set(await createContact(context, { email: `limit${limit}@example.com`, tags }), limit)
  }
  return { organizationId, key, contacts }
}

/** How many slots were given for each contact, beside how many there are. */
function tally(contacts: ReadonlyMap<string, number>, reserved: readonly string[]) {
  return [...contacts].map(([id, limit]) => ({ limit, given: reserved.filter((contactId) => contactId === id).length }))
}

const exactly = limits.map((limit) => ({ limit, given: limit }))

test.runIf(isOnServer)(
  'processes that reserve at once get exactly as many slots as there are, and again when those have expired',
  async () => {
    const { config, remove } = await copyTemplate()
    const database = await openDatabase(config)
    const { organizationId, contacts } = await givenLimits(database)
    await database.close()
    const program = join(import.meta.dirname, '..', 'support', 'reserve-many.ts')
    const args = [config.url ?? '', organizationId, String(attempts), ...contacts.keys()]
    const senders = Array.from({ length: processes }, () => fork(program, args, { execArgv: ['--import', 'tsx'] }))
    const reserved = async () => tally(contacts, (await Promise.all(senders.map(messageOf))).flat())
    const round = (aheadSeconds: number) => {
      const result = reserved()
      for (const sender of senders) sender.send(aheadSeconds)
      return result
    }
    try {
      await reserved()
      expect(await round(0)).toEqual(exactly)
      expect(await round(1)).toEqual(limits.map((limit) => ({ limit, given: 0 })))
      expect(await round(3600 + 600)).toEqual(exactly)
    } finally {
      await Promise.all(senders.map(end))
      await remove()
    }
  },
  patience,
)

/** What a sender reports next. */
function messageOf(sender: ChildProcess): Promise<string[]> {
  return new Promise((resolve, reject) => {
    sender.once('message', (message) => resolve(message as string[])) // proof: what the program sends
    sender.once('exit', (code) => reject(new Error(`A sender ended with ${code}.`)))
  })
}

function end(sender: ChildProcess): Promise<unknown> {
  if (sender.exitCode !== null) return Promise.resolve()
  const ended = new Promise((resolve) => sender.once('exit', resolve))
  sender.disconnect()
  return ended
}

test.runIf(isOnServer)(
  'two gateways give exactly as many slots as there are',
  async () => {
    const { config, remove } = await copyTemplate()
    const database = await openDatabase(config)
    const { key, contacts } = await givenLimits(database)
    await database.close()
    const env = { DATABASE_URL: config.url ?? '', DEMO_DATA: 'false', LOG_LEVEL: 'error', RATE_LIMIT: 'off' }
    const servers = [await startServer(env), await startServer(env)]
    const query = `mutation ($contactId: ID!) {
    reserveSend(input: { contactId: $contactId, channel: EMAIL, category: SERVICE }) { __typename ... on Error { code } } }`
    // A gateway whose database is too busy to begin answers UNAVAILABLE, and nothing is reserved then: it is asked again.
    const reserve = async (url: string, contactId: string): Promise<{ __typename: string; code?: string }> => {
      const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' }
      const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables: { contactId } }) })
      const { data, errors }: { data?: { reserveSend: { __typename: string } | null }; errors?: { extensions: { code: string } }[] } =
        JSON.parse(await response.text())
      if (data?.reserveSend) return data.reserveSend
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAVAILABLE'])
      return reserve(url, contactId)
    }
    try {
      const asked = servers
        .flatMap(({ url }) => Array.from({ length: 8 }, () => [...contacts.keys()].map((contactId) => ({ url, contactId }))))
        .flat()
      const answers = await Promise.all(asked.map(async ({ url, contactId }) => ({ contactId, ...(await reserve(url, contactId)) })))
      const reserved = answers.filter((answer) => answer.__typename === 'ReserveSendPayload').map(({ contactId }) => contactId)
      expect(tally(contacts, reserved)).toEqual(exactly)
      expect(answers.filter((answer) => answer.code === 'SEND_NOT_ALLOWED')).toHaveLength(asked.length - reserved.length)
    } finally {
      for (const server of servers) {
        server.process.kill('SIGTERM')
        await server.exit()
      }
      await remove()
    }
  },
  patience,
)
