import type { Prisma } from '../../src/data/generated/client.ts'
import type { StagedRow } from '../../src/data/sql/import-rows.ts'
import { jsonOf, outcomeOf, rollbackWindow } from '../../src/domain/imports/job/apply.ts'
import { decideRows } from '../../src/domain/imports/rows/decide.ts'
import { readStagedRow } from '../../src/domain/imports/rows/decide-batch.ts'
import { Ledger } from '../../src/domain/imports/rows/ledger.ts'
import { normalize } from '../../src/domain/imports/rows/normalize.ts'
import { readUpload } from '../../src/domain/imports/formats/read-upload.ts'
import { Samples } from '../../src/domain/imports/job/samples.ts'
import { addReasons, addWarnings } from '../../src/domain/imports/rows/warnings.ts'
import type { History } from './history.ts'

/** What somebody brought home from a trade fair, as people type and spreadsheets save it. */
const file = `First Name,Last Name,E-mail,Mobile,Company,Country,Tags,Met at
Leila,Haddad,leila.haddad@example.org,+1 (628) 555-0143,Haddad Ceramics,US,trade fair,Hall 2
Piotr,Zieliński,piotr.zielinski@example.pl,,Zieliński Meble,PL,trade fair,Hall 2
Maya,Okafor,maya.okafor@example.co.uk,,Okafor Interiors,GB,trade fair,Hall 4
Noor,de Vries,noor.devries@example.nl,N/A,Lichtwerk,NL,trade fair,Hall 4
Leila,Haddad,Leila.Haddad@example.org,,Haddad Ceramics,US,trade fair,Hall 5
Sam,Fletcher,,1.41556E+10,Fletcher & Daughters,US,trade fair,Hall 5
Aiko,Mori,aiko.mori@example.jp,,Mori Paper,JP,trade fair,Hall 5
Gus,Lindqvist,gus.lindqvist(at)example.se,,Lindqvist Glas,SE,trade fair,Hall 6
`

/** What an import of the demo has written. */
export interface DemoImport {
  readonly job: Prisma.ImportJobCreateManyInput
  readonly rows: readonly Prisma.ImportRowCreateManyInput[]
}

/** An import of yesterday, which can still be rolled back: decided as every other, so that its counts and reasons are what they would be. */
export async function tradeFair(history: History): Promise<DemoImport> {
  const { organizationId } = history
  const createdAt = history.ago(0.8)
  const { plan, rows } = await readUpload({ kind: 'file', bytes: bytesOf(file) }, null)
  const samples = new Samples(plan)
  const staged: StagedRow[] = []
  for await (const row of rows) {
    samples.add(row)
    staged.push(row)
  }
  const ledger = new Ledger()
  ledger.begin(history.known, [])
  const read = staged.map((row) => {
    const given = readStagedRow(plan.columns, row)
    return 'input' in given ? normalize(given, 'US') : given
  })
  const decisions = decideRows(read, ledger, {
    onDuplicate: 'skip',
    defaultCountry: 'US',
    matchBy: null,
    tags: 'add',
    addTags: [],
    isSuppressionList: false,
    nextId: () => history.id('contact', createdAt),
  })
  for (const decision of decisions) if (decision.outcome === 'created') history.imported(decision.contactId, decision.fields, createdAt)
  const skipped = decisions.filter((decision) => decision.outcome === 'skipped')
  const count = (outcome: string) => decisions.filter((decision) => decision.outcome === outcome).length
  const id = history.id('importJob', createdAt)
  return {
    job: {
      organizationId,
      id,
      status: 'completed',
      onDuplicate: 'skip',
      dryRun: false,
      columns: plan.columns.map(({ name }) => name),
      mapping: jsonOf(samples.columns()),
      options: { matchBy: null, tags: 'add', addTags: [], tool: plan.tool },
      reasons: jsonOf(
        addReasons(
          [],
          skipped.map(({ reason }) => reason.reasonCode),
        ),
      ),
      warnings: jsonOf(addWarnings(samples.warnings(), decisions)),
      totalRows: staged.length,
      processedRows: staged.length,
      created: count('created'),
      skipped: count('skipped'),
      createdBy: 'Website',
      createdAt,
      stagedAt: createdAt,
      dueAt: createdAt,
      completedAt: createdAt,
      rollbackExpiresAt: new Date(createdAt.getTime() + rollbackWindow),
      position: staged.length,
    },
    rows: decisions.map((decision, index) => {
      const { before: _before, further, ...outcome } = outcomeOf(decision, false)
      const cells = decision.outcome === 'skipped' ? JSON.parse(JSON.stringify(staged[index]?.cells)) : undefined
      return {
        organizationId,
        importJobId: id,
        ...outcome,
        cells,
        ...(further !== undefined && further !== null && { further: jsonOf(further) }),
      }
    }),
  }
}

// oxlint-disable-next-line require-await
async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}
