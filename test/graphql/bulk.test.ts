import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenContacts } from '../support/factories.ts'
import { type TestGateway, noon, openGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const jobFields = `id status onDuplicate dryRun totalRows processedRows created updated unchanged skipped createdBy createdAt
  rollbackExpiresAt rollback { reversed kept failed }`

test('an import is made, found and rolled back', async () => {
  const tenant = await gateway.organization()
  const { body } = await tenant.gql(
    `mutation ($input: ImportContactsInput!) { importContacts(input: $input) { ... on ImportContactsPayload { importJob { ${jobFields} } } ... on Error { message } } }`,
    { input: { contacts: [{ email: 'ana@example.com', firstName: 'Ana' }, { email: 'ana' }], onDuplicate: 'UPDATE' } },
  )
  const { importJob: job } = body.data.importContacts
  expect(job).toEqual({
    id: expect.stringMatching(/^imp_/),
    status: 'COMPLETED',
    onDuplicate: 'UPDATE',
    dryRun: false,
    totalRows: 2,
    processedRows: 2,
    created: 1,
    updated: 0,
    unchanged: 0,
    skipped: 1,
    createdBy: 'Test key',
    createdAt: noon.toISOString(),
    rollbackExpiresAt: '2026-03-02T12:00:00.000Z',
    rollback: null,
  })
  const read = await tenant.gql(
    `query ($id: ID!) { importJob(id: $id) { ${jobFields} } node(id: $id) { id } importJobs { totalCount nodes { id skippedCsvPath } } }`,
    { id: job.id },
  )
  const skippedCsvPath = `/api/v1/contacts/import-jobs/${job.id}/skipped.csv`
  expect(read.body.data).toEqual({
    importJob: job,
    node: { id: job.id },
    importJobs: { totalCount: 1, nodes: [{ id: job.id, skippedCsvPath }] },
  })
  const rollback =
    'mutation ($id: ID!) { rollbackImport(input: { id: $id }) { __typename ... on RollbackImportPayload { importJob { status rollback { reversed } } } ... on Error { code } } }'
  expect((await tenant.gql(rollback, { id: job.id })).body.data.rollbackImport).toEqual({
    __typename: 'RollbackImportPayload',
    importJob: { status: 'ROLLED_BACK', rollback: { reversed: 1 } },
  })
  expect((await tenant.gql(rollback, { id: job.id })).body.data.rollbackImport).toEqual({
    __typename: 'ImportNotReversible',
    code: 'IMPORT_NOT_REVERSIBLE',
  })
})

test('the contacts that a rollback kept are listed, page by page, with one statement for all imports', async () => {
  const tenant = await gateway.organization()
  const imported = async (name: string) => {
    const contacts = [1, 2, 3].map((number) => ({ email: `${name}${number}@example.com` }))
    const { body } = await tenant.rest('POST', '/bulk', { contacts })
    return String(body.data.id)
  }
  const [one, other] = [await imported('one'), await imported('other')]
  const changed = await gateway.db.prisma.contact.findMany({
    where: { organizationId: tenant.organizationId, email: { in: ['one1@example.com', 'one3@example.com', 'other2@example.com'] } },
    orderBy: { id: 'asc' },
  })
  const [first = '', second = '', third = ''] = changed.map(({ id }) => id)
  for (const id of [first, second, third]) await tenant.rest('PATCH', `/${id}`, { first_name: 'Changed' })
  await tenant.rest('DELETE', `/${second}`)
  for (const id of [one, other]) await tenant.rest('POST', `/import-jobs/${id}/rollback`)
  const keptRows = (page: string) => `rollback { kept keptCsvPath keptRows(${page}) { totalCount pageInfo { hasNextPage endCursor }
    nodes { rowNumber contactId contact { email } reasonCode message } } }`
  const answer = await tenant.gql(`{ importJobs { nodes { id ${keptRows('first: 1')} } } }`)
  const reason = (id: string) => ({
    reasonCode: 'CHANGED_SINCE',
    message: `The contact ${id} was changed after the import, so it is kept unchanged.`,
  })
  const row = (rowNumber: number, id: string, email: string | null) => ({
    rowNumber,
    contactId: id,
    contact: email === null ? null : { email },
    ...reason(id),
  })
  const page = (rows: unknown[], totalCount: number, hasNextPage: boolean) => ({
    totalCount,
    pageInfo: { hasNextPage, endCursor: expect.any(String) },
    nodes: rows,
  })
  const keptCsvPath = (id: string) => `/api/v1/contacts/import-jobs/${id}/kept.csv`
  expect(answer.body.data.importJobs.nodes).toEqual([
    { id: other, rollback: { kept: 1, keptCsvPath: keptCsvPath(other), keptRows: page([row(2, third, 'other2@example.com')], 1, false) } },
    { id: one, rollback: { kept: 2, keptCsvPath: keptCsvPath(one), keptRows: page([row(1, first, 'one1@example.com')], 2, true) } },
  ])
  expect(answer.statements).toHaveLength(3)
  const { endCursor } = answer.body.data.importJobs.nodes[1].rollback.keptRows.pageInfo
  const next = await tenant.gql(`{ importJob(id: "${one}") { ${keptRows(`first: 1, after: "${endCursor}"`)} } }`)
  expect(next.body.data.importJob.rollback.keptRows).toEqual(page([row(3, second, null)], 2, false))
  const elsewhere = await tenant.gql(`{ importJob(id: "${other}") { ${keptRows(`after: "${endCursor}"`)} } }`)
  expect(elsewhere.body.errors).toMatchObject([{ extensions: { code: 'INVALID_CURSOR' } }])
})

test.each([{}, { csv: 'email\na@example.com', contacts: [] }, { csv: '' }])('%j is no upload', async (input) => {
  const tenant = await gateway.organization()
  const { body } = await tenant.gql('mutation ($input: ImportContactsInput!) { importContacts(input: $input) { __typename } }', { input })
  expect(body.data.importContacts).toEqual({ __typename: 'InvalidInput' })
})

test('something is done to many contacts', async () => {
  const tenant = await gateway.organization()
  const ids = await givenContacts(tenant, [{}, { lifecycleStage: 'customer' }])
  const act = (input: object) =>
    tenant.gql(
      `mutation ($input: BulkContactActionInput!) {
        bulkContactAction(input: $input) { ... on BulkContactActionPayload { action matched changed unchanged failed { contactId code } } ... on Error { message } }
      }`,
      { input },
    )
  const unknown = 'con_00000000000000000000000000'
  const params = { lifecycleStage: 'CUSTOMER' }
  const done = await act({ action: 'SET_LIFECYCLE_STAGE', contactIds: [...ids, unknown], params })
  expect(done.body.data.bulkContactAction).toEqual({
    action: 'SET_LIFECYCLE_STAGE',
    matched: 3,
    changed: 1,
    unchanged: 1,
    failed: [{ contactId: unknown, code: 'NOT_FOUND' }],
  })
  expect((await act({ action: 'DELETE', filter: {} })).body.data.bulkContactAction.message).toMatch(/^An empty filter means every contact/)
  expect((await act({ action: 'DELETE', filter: { lifecycleStage: ['CUSTOMER'] } })).body.data.bulkContactAction.changed).toBe(2)
})
