import { createYoga } from 'graphql-yoga'
import { expect, test } from 'vitest'
import { createPipeline } from '../../src/http/graphql/execution/execute-operation.ts'
import { OperationCache } from '../../src/http/graphql/execution/operation-cache.ts'
import { accountedPlugins } from '../../src/http/graphql/server/cached-operations.ts'
import { createGraphQL, yogaPlugins } from '../../src/http/graphql/server/yoga.ts'
import { defaultHttpSettings } from '../../src/http/settings.ts'
import { schema } from '../support/generate-operations.ts'

const settings = {
  ...defaultHttpSettings,
  introspection: 'scope' as const,
  trustedDocuments: { mode: 'only' as const, documents: new Map<string, string>() },
}
const services = {
  schema,
  settings,
  operations: new OperationCache(schema),
  pipeline: createPipeline({ schema, settings, replicas: null }),
}

test('the Node handler accounts for every plugin of Yoga', () => {
  expect(Object.keys(yogaPlugins(services)).toSorted()).toEqual(Object.keys(accountedPlugins).toSorted())
})

test('Yoga has these plugins and its own, and no others', () => {
  const { plugins } = createGraphQL(services)
  const ours = Object.values(yogaPlugins(services)).length
  // Yoga's own: the engine, the schema, the context, parsers, validation, error masks. A new one has to be looked at: does the Node handler need it?
  expect(plugins.length - ours).toBe(ownPlugins)
  expect(plugins.length).toBeGreaterThan(createYoga({ schema, plugins: [] }).plugins.length - 5)
})

const ownPlugins = 19
