import { afterAll, beforeAll, expect, test } from 'vitest'
import { deleteContacts, updateContact } from '../../../src/domain/contacts/commands.ts'
import { restoreContacts } from '../../../src/domain/contacts/restore.ts'
import { eraseContacts } from '../../../src/domain/erasure/commands.ts'
import { mergeContacts } from '../../../src/domain/merging/commands.ts'
import { givenContact, givenContacts } from '../../support/factories.ts'
import { openGateway, type Tenant, type TestGateway } from '../../support/gateway.ts'
import { randomFrom } from '../../support/random.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

/** More runs for a long night. */
const runs = Array.from({ length: Number(process.env['COPIER_RUNS'] ?? 2) }, (_, run) => run + 1)

/** What a copier keeps: the contacts that it has, by their ids, and how far it has come. */
interface Kept {
  readonly copy: Map<string, number>
  /** The last page that it has of the first reading; undefined once it has them all. */
  after: string | null | undefined
  eventId: string | null
}

class Killed extends Error {}

const pageQuery = `query ($after: String, $isFirst: Boolean!) {
  contacts(first: 7, after: $after) { eventId @include(if: $isFirst) nodes { id revision } pageInfo { hasNextPage endCursor } }
}`
const changesQuery = `query ($after: String!) {
  contactChanges(after: $after, first: 9) { changes { contactId matches contact { id revision } } eventId hasMore }
}`

/** Reads all contacts and then what changes, from where it was. It may be killed between any two of its steps, and remembers only what it kept. */
async function copy(tenant: Tenant, kept: Kept, { mayDie, isOver }: { mayDie: () => void; isOver: () => boolean }): Promise<void> {
  while (kept.after !== undefined) {
    const { body } = await tenant.gql(pageQuery, { after: kept.after, isFirst: kept.eventId === null })
    const { eventId, nodes, pageInfo } = body.data.contacts
    mayDie()
    // Of the first try: what it has read may have changed before the next one.
    kept.eventId ??= eventId
    for (const { id, revision } of nodes) {
      kept.copy.set(id, revision)
      mayDie()
    }
    kept.after = pageInfo.hasNextPage ? pageInfo.endCursor : undefined
  }
  for (let last = false; ;) {
    const { body } = await tenant.gql(changesQuery, { after: kept.eventId })
    const { changes, eventId, hasMore } = body.data.contactChanges
    for (const { contactId, matches, contact } of changes) {
      if (matches && contact !== null) kept.copy.set(contactId, contact.revision)
      else kept.copy.delete(contactId)
      mayDie()
    }
    kept.eventId = eventId
    mayDie()
    if (last && !hasMore) return
    // Once the writers are done, what they wrote is read to its end.
    last = isOver()
  }
}

/** Four writers and an import change the contacts, delete, restore, merge and erase some, and let each other fail. */
async function write(tenant: Tenant, ids: string[]): Promise<void> {
  const { context } = tenant
  const writers = [0, 1, 2, 3].map(async (writer) => {
    for (let step = 0; step < 12; step += 1) {
      const id = ids[(writer * 5 + step) % ids.length] ?? ''
      const other = ids[(writer * 7 + step * 3) % ids.length] ?? ''
      await updateContact(context, id, { company: `Company ${writer}.${step}` }).catch(() => {})
      if (step % 4 === 1) ids.push(await givenContact(tenant, { firstName: `New ${writer}.${step}` }))
      if (step % 5 === 2) await deleteContacts(context, [id])
      if (step % 4 === 3) await mergeContacts(context, { intoId: id, fromIds: [other] }).catch(() => {})
      if (step % 5 === 4) await restoreContacts(context, [id]).catch(() => {})
      if (step === 6) await eraseContacts(context, { ids: [other], reason: 'Asked for it' }).catch(() => {})
    }
  })
  const rows = Array.from({ length: 40 }, (_, index) => ({ email: `imported${index}@example.com`, first_name: `Imported ${index}` }))
  const imported = tenant.rest('POST', '/bulk', { contacts: rows })
  await Promise.all([...writers, imported])
}

test.each(runs)(
  'a copier that reads all contacts and follows the feed, and is killed now and then, ends with the contacts of the database (%i)',
  async (run) => {
    const tenant = await gateway.organization({ defaultCountry: 'US' })
    const ids = await givenContacts(
      tenant,
      Array.from({ length: 20 }, (_, index) => ({ firstName: `Copied ${index}` })),
    )
    const random = randomFrom(run)
    const kept: Kept = { copy: new Map(), after: null, eventId: null }
    let [writing, deaths] = [true, 0]
    const written = write(tenant, ids).then(() => (writing = false))
    let steps = 0
    const mayDie = () => {
      steps += 1
      // Once for certain.
      if (steps === 5 || random() < 0.04) throw new Killed()
    }
    for (let alive = true; alive;) {
      try {
        await copy(tenant, kept, { mayDie, isOver: () => !writing })
        alive = false
      } catch (error) {
        if (!(error instanceof Killed)) throw error
        deaths += 1
      }
    }
    await written
    const stored = await gateway.db.prisma.contact.findMany({ where: { organizationId: tenant.organizationId, deletedAt: null } })
    expect(new Map([...kept.copy].toSorted())).toEqual(
      new Map(stored.map(({ id, revision }): [string, number] => [id, revision]).toSorted()),
    )
    expect(stored.length).toBeGreaterThan(50)
    expect(deaths).toBeGreaterThan(0)
  },
)
