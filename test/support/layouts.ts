import { readUpload } from '../../src/domain/imports/formats/read-upload.ts'
import { readStagedRow } from '../../src/domain/imports/rows/decide-batch.ts'
import { normalize } from '../../src/domain/imports/rows/normalize.ts'

// oxlint-disable-next-line require-await
async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}

/** The rows of a file as they would be stored, and its layout. */
export async function read(file: string, country: string | null = null) {
  const { plan, rows } = await readUpload({ kind: 'file', bytes: bytesOf(file) }, null)
  const found: unknown[] = []
  for await (const staged of rows) {
    const given = readStagedRow(plan.columns, staged)
    const row = 'reason' in given ? given : normalize(given, country)
    if ('reason' in row) found.push(row.reason)
    else {
      const { phone, email, firstName, lastName, displayName, company, countryCode, lifecycleStage, tags } = row.fields
      const name = displayName ?? [firstName, lastName].filter((part) => part !== null).join(' ')
      const optOut = row.consents.flatMap(({ channels }): readonly string[] => (channels === 'all' ? ['all'] : channels))
      found.push({ phone, email, name, company, countryCode, lifecycleStage, tags, optOut: [...new Set(optOut)].toSorted() })
    }
  }
  return { tool: plan.tool, people: found }
}

const names = ['Ada Ash', 'Ben Birk', 'Cai Cole', 'Dot Dunn', 'Eli Elm', 'Fay Fern', 'Gus Gale', 'Hal Holt', 'Ida Iver', 'Jon Jay']

export interface Invented {
  readonly first: string
  readonly last: string
  readonly email: string
  readonly phone: string
  readonly index: number
}

export const people: readonly Invented[] = names.map((name, index) => {
  const [first = '', last = ''] = name.split(' ')
  return { first, last, email: `${first.toLowerCase()}@layout.example`, phone: `+4479123456${70 + index}`, index }
})

export const yes = (index: number, word: string, other = '') => (index % 2 === 0 ? word : other)
export const optedOut = (index: number, ...channels: string[]) => (index % 2 === 0 ? channels : [])
