import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FuzzedGateway, fuzzPatience, fuzzRuns, fuzzSeed, openFuzzedGateway, restock } from '../support/fuzz.ts'
import { document, exampleOf, operations, requestsOf } from '../support/generate-requests.ts'

// Requests are made from the document: valid ones, invalid ones, and malformed input. Whatever comes, the answer is one that the document
// declares, and never a fault of ours.
const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)
ajv.addSchema(document, 'openapi')

let fuzzed: FuzzedGateway
beforeAll(async () => {
  fuzzed = await openFuzzedGateway()
})
afterAll(() => fuzzed.gateway.close())

describe('whatever comes', () => {
  test.each(operations)(
    '$name answers as the document says',
    async ({ path, method, operation }) => {
      const { tenant } = fuzzed
      const { pool, inPath } = await restock(fuzzed)
      const statuses = new Set<number>()
      await fc.assert(
        fc.asyncProperty(requestsOf(path, operation, pool), async ({ url, body }) => {
          const answer = await tenant.rest(method.toUpperCase(), url, body)
          const outcome = { status: answer.status, fault: answer.status < 500 ? null : answer.body }
          expect(outcome).toEqual({ status: expect.toSatisfy((status: number) => status < 500), fault: null })
          // What stands in a path can make another route of it, which answers for itself.
          if (['ROUTE_NOT_FOUND', 'METHOD_NOT_ALLOWED'].includes(answer.body?.error?.code)) return
          statuses.add(answer.status)
          const type = (answer.headers.get('content-type') ?? '').split(';', 1)[0] ?? ''
          const declared = operation.responses[answer.status]
          expect({ status: answer.status, isDeclared: declared !== undefined }).toEqual({ status: answer.status, isDeclared: true })
          expect(Object.keys(declared?.content ?? { [type]: null })).toContain(type)
          if (type !== 'application/json') return
          const location = declared?.$ref?.slice(1) ?? `/paths/${escaped(path)}/${method}/responses/${answer.status}`
          const validate = ajv.getSchema(`openapi#${location}/content/${escaped(type)}/schema`)
          expect({ valid: validate?.(answer.body), errors: validate?.errors }).toEqual({ valid: true, errors: null })
        }),
        { numRuns: fuzzRuns, seed: fuzzSeed, examples: [[exampleOf(path, operation, inPath, pool[0] ?? '')]] },
      )
      expect([...statuses].some((status) => status < 300)).toBe(true)
    },
    fuzzPatience,
  )
})

function escaped(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))
}
