import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApiKey } from '../../src/domain/api-keys/commands.ts'
import { scopes } from '../../src/domain/context.ts'
import { createOrganization } from '../../src/domain/organizations/commands.ts'
import { type BothWays, openBothWays, withoutLocations } from '../support/both-ways.ts'
import { noon } from '../support/gateway.ts'

let gateway: BothWays
let { db, contacts, keyOf, ask, askBoth }: BothWays = Object()

beforeAll(async () => {
  gateway = await openBothWays()
  ;({ db, contacts, keyOf, ask, askBoth } = gateway)
}, 180_000)
afterAll(() => gateway.close())

describe('what is refused is refused in the same words', () => {
  const lists = 'id notes(first: 1) { nodes { id } } timeline(first: 1) { nodes { id } } preferences { channel }'

  test('to a caller who may not read', async () => {
    const writer = await keyOf('contacts:write')
    for (const query of [`{ contacts { nodes { ${lists} } } }`, `{ contact(id: "${contacts[0]}") { ${lists} } }`]) {
      const [compiled, resolved] = await askBoth(query, {}, { as: writer })
      expect(withoutLocations(compiled)).toEqual(withoutLocations(resolved))
      expect(compiled.errors).toMatchObject([{ extensions: { code: 'INSUFFICIENT_PERMISSIONS' } }])
      expect(compiled.statements).toBe(0)
    }
  })

  test('and another organization’s contact is not there', async () => {
    const services = { db, now: () => noon }
    const other = await createOrganization(services, { name: 'Other', defaultCountry: null })
    const { key: foreign } = await createApiKey({ ...services, organizationId: other }, { name: 'Stranger', scopes })
    const [compiled, resolved] = await askBoth(`{ contact(id: "${contacts[0]}") { ${lists} } }`, {}, { as: foreign })
    expect(compiled).toMatchObject({ data: { contact: null }, statements: 2 })
    expect(withoutLocations(resolved)).toEqual(withoutLocations(compiled))
    expect((await ask(`{ contacts { nodes { ${lists} } } }`, {}, foreign)).data).toEqual({ contacts: { nodes: [] } })
  })

  test.each([
    ['a page that is too large', '{ contacts(first: 201) { nodes { id } } }'],
    ['a nested page that is too large', '{ contacts { nodes { notes(first: 0) { nodes { id } } } } }'],
    ['two ends at once', '{ contacts(first: 1, last: 1) { nodes { id } } }'],
    ['a cursor of no list', '{ contacts(after: "nonsense") { nodes { id } } }'],
    ['a timeline of no kind', '{ contacts { nodes { timeline(kinds: []) { nodes { id } } } } }'],
    ['an id of something else', '{ contact(id: "note_01jm8xw4r2e5tvq0c9h3kzb7nd") { id } }'],
  ])('%s', async (_what, query) => {
    const [compiled, resolved] = await askBoth(query)
    expect(Array.isArray(compiled.errors)).toBe(true)
    expect(withoutLocations(compiled)).toEqual(withoutLocations(resolved))
  })
})
