import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FuzzedGateway, fuzzPatience, fuzzRuns, fuzzSeed, openFuzzedGateway } from '../support/fuzz.ts'
import { operationOf, roots } from '../support/generate-operations.ts'

// Operations are made from the schema, with valid, invalid and malformed arguments. None of them causes an internal error.
let fuzzed: FuzzedGateway
beforeAll(async () => {
  fuzzed = await openFuzzedGateway()
})
afterAll(() => fuzzed.gateway.close())

const broken = [undefined, 'INTERNAL_ERROR', 'TIMEOUT', 'UNAVAILABLE']

describe('whatever comes', () => {
  test.each(roots)(
    '$kind $name breaks nothing',
    async (root) => {
      const { tenant, pool } = fuzzed
      for (let run = 0; run < fuzzRuns; run += 1) {
        const seed = fuzzSeed + run
        const operation = operationOf(root, { seed, pool })
        const { status, body } = await tenant.gql(operation)
        const codes = (body.errors ?? []).map(({ extensions }: { extensions?: { code?: string } }) => extensions?.code)
        const faults = codes.filter((code: string | undefined) => broken.includes(code))
        expect({ seed, operation, status: status < 500, faults }).toEqual({ seed, operation, status: true, faults: [] })
      }
    },
    fuzzPatience,
  )
})
