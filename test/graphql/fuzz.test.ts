import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fuzzPatience, fuzzRuns, fuzzSeed } from '../support/absurd.ts'
import { givenContact, givenNote } from '../support/factories.ts'
import { operationOf, roots } from '../support/generate-operations.ts'
import { type House, openHouse, type Tenant } from '../support/house.ts'

// Operations are made from the schema, with right, wrong and absurd arguments. Whatever comes, nothing breaks on our side.
let house: House
let tenant: Tenant
let pool: string[]
beforeAll(async () => {
  house = await openHouse()
  tenant = await house.organization({ defaultCountry: 'US' })
  const contactId = await givenContact(tenant, { firstName: 'Ada', phone: '+14155550199', email: 'ada@example.com' })
  const noteId = await givenNote(tenant, contactId, 'A note')
  pool = [contactId, noteId, 'con_00000000000000000000000000', 'Ada', '+14155550199', '+14155550123', 'ada@example.com']
})
afterAll(() => house.close())

const broken = [undefined, 'INTERNAL_ERROR', 'TIMEOUT', 'UNAVAILABLE']

describe('whatever comes', () => {
  test.each(roots)(
    '$kind $name breaks nothing',
    async (root) => {
      for (let run = 0; run < fuzzRuns / 4; run += 1) {
        const operation = operationOf(root, { seed: fuzzSeed + run, pool })
        const { status, body } = await tenant.gql(operation)
        const codes = (body.errors ?? []).map(({ extensions }: { extensions?: { code?: string } }) => extensions?.code)
        const faults = codes.filter((code: string | undefined) => broken.includes(code))
        expect({ operation, status: status < 500, faults }).toEqual({ operation, status: true, faults: [] })
      }
    },
    fuzzPatience,
  )
})
