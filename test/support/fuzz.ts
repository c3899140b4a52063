import { importContacts, rollBackImport } from '../../src/domain/imports/commands.ts'
import { suppressAddresses } from '../../src/domain/suppression/commands.ts'
import { updateContact } from '../../src/domain/contacts/commands.ts'
import { givenActivities, givenContact, givenNote, givenRule } from './factories.ts'
import { type TestGateway, openGateway, type Tenant } from './gateway.ts'

/** How often a fuzz test asks each thing: a little in the suite; as often as `FUZZ_RUNS` says for a long night. */
export const fuzzRuns = Number(process.env['FUZZ_RUNS'] ?? 40)

/** Where a fuzz test begins: at the same place in the suite, so that it does not fail by chance; anywhere, or where `FUZZ_SEED` says, in a long night. */
export const fuzzSeed = Number(process.env['FUZZ_SEED'] ?? (process.env['FUZZ_RUNS'] === undefined ? 1 : Date.now() % 1_000_000))

/** How long asking may take in all, in milliseconds. */
export const fuzzPatience = 60_000 + 2000 * fuzzRuns

/** A gateway in which an organization has one thing of every kind. */
export interface FuzzedGateway {
  readonly gateway: TestGateway
  readonly tenant: Tenant
  /** The ids of what it has, an unknown one, and texts that mean something there: to be used wherever a text is wanted. */
  readonly pool: readonly string[]
}

export async function openFuzzedGateway(opening: Promise<TestGateway> = openGateway()): Promise<FuzzedGateway> {
  const gateway = await opening
  const tenant = await gateway.organization({ defaultCountry: 'US' })
  const contactId = await givenContact(tenant, { firstName: 'Ada', phone: '+14155550199', email: 'ada@example.com' })
  const noteId = await givenNote(tenant, contactId, 'A note')
  const ruleId = await givenRule(tenant)
  const occurredAt = gateway.clock.now
  const activityIds = await givenActivities(tenant, contactId, [
    { message: { externalId: 'reported-1', occurredAt, channel: 'sms', direction: 'outbound' } },
    { event: { externalId: 'reported-2', occurredAt, name: 'page_viewed' } },
  ])
  const importId = await givenRollback(tenant)
  const { ids: suppressionIds } = await suppressAddresses(tenant.context, { addresses: ['no.more@example.com'] })
  const ids = [contactId, noteId, ruleId, importId, ...activityIds, ...suppressionIds]
  return { gateway, tenant, pool: [...ids, 'con_00000000000000000000000000', 'Ada', '+14155550199', '+14155550123', 'ada@example.com'] }
}

/**
 * Living things of an organization for the requests of one route: those of the routes before may have removed them.
 * @returns the texts of the organization, and by the beginning of an id the one to be used in a path
 */
export async function restock({
  tenant,
  pool,
}: FuzzedGateway): Promise<{ pool: readonly string[]; inPath: Readonly<Record<string, string>> }> {
  const contactId = await givenContact(tenant)
  const noteId = await givenNote(tenant, contactId)
  const { id: importId } = await importContacts(tenant.context, { kind: 'json', contacts: [{ email: 'imported@example.com' }, {}] }, {})
  const { ids } = await suppressAddresses(tenant.context, { addresses: [`${importId}@example.com`] })
  const others = [await givenContact(tenant), await givenContact(tenant)]
  const inPath = { con: contactId, note: noteId, imp: importId, sup: ids[0] ?? '' }
  return { pool: [...others, ...Object.values(inPath), ...pool], inPath }
}

/** An import with a row that was skipped and one that its rollback left alone. @returns its id */
async function givenRollback({ context, organizationId }: Tenant): Promise<string> {
  const contacts = [{ email: 'left.alone@example.com' }, { email: 'not an address' }]
  const { id } = await importContacts(context, { kind: 'json', contacts }, {})
  const imported = await context.db.prisma.contact.findFirstOrThrow({ where: { organizationId, email: 'left.alone@example.com' } })
  await updateContact(context, imported.id, { company: 'Changed since' })
  await rollBackImport(context, id)
  return id
}
