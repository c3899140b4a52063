import { expect, test } from 'vitest'
import { createPipeline } from '../../src/http/graphql/execution/execute-operation.ts'
import { OperationCache } from '../../src/http/graphql/execution/operation-cache.ts'
import { accountedPlugins } from '../../src/http/graphql/server/cached-operations.ts'
import { createGraphQL, yogaPlugins } from '../../src/http/graphql/server/yoga.ts'
import { defaultHttpSettings } from '../../src/http/settings.ts'
import { schema } from '../support/generate-operations.ts'

const documents = new Map<string, string>()
const modes = ['off', 'prefer', 'only'] as const

function servicesFor(mode: (typeof modes)[number]) {
  const settings = { ...defaultHttpSettings, trustedDocuments: { mode, documents } }
  return { schema, settings, operations: new OperationCache(schema), pipeline: createPipeline({ schema, settings, replicas: null }) }
}

test('the Node handler accounts for every plugin of Yoga, in every mode of trusted documents', () => {
  const names = modes.flatMap((mode) => Object.keys(yogaPlugins(servicesFor(mode))))
  expect([...new Set(names)].toSorted()).toEqual(Object.keys(accountedPlugins).toSorted())
})

test('Yoga has these plugins and its own, and no others', () => {
  for (const mode of modes) {
    const services = servicesFor(mode)
    const plugins: unknown = Reflect.get(createGraphQL(services), 'plugins')
    // Yoga's own: engine, schema, context, parsers, checks, caches and masks. A new one has to be looked at: does the Node handler need what it does?
    expect(plugins).toHaveLength(Object.keys(yogaPlugins(services)).length + 24)
  }
})
