import { expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'

test('without any variable, the gateway serves the demo from an embedded database on this machine only', () => {
  expect(readConfig({ HOST: '', PATH: '/bin' })).toEqual({
    host: '127.0.0.1',
    port: 4000,
    logLevel: 'info',
    database: { url: null, dataDir: '.data', poolSize: 10, statementTimeout: 30_000 },
    requestTimeout: 30_000,
    demoData: true,
    bootstrapApiKey: null,
  })
})

test('a server gets no demo data unless it is asked for', () => {
  const DATABASE_URL = 'postgresql://localhost/contacts'
  expect(readConfig({ DATABASE_URL })).toMatchObject({ database: { url: DATABASE_URL }, demoData: false })
  expect(readConfig({ DATABASE_URL, DEMO_DATA: 'true' })).toMatchObject({ demoData: true })
})

test('everything that is wrong is said at once', () => {
  const env = { PORT: '70000', DATABASE_URL: 'mysql://localhost', DEMO_DATA: 'yes', BOOTSTRAP_API_KEY: 'secret', LOG_LEVEL: 'loud' }
  expect(() => readConfig(env)).toThrow(
    [
      'The gateway cannot start:',
      '  PORT is not a whole number from 0 to 65,535.',
      '  DATABASE_URL is not the URL of a PostgreSQL server, such as postgresql://user:password@localhost:5432/contacts.',
      '  DEMO_DATA is neither true nor false.',
      '  BOOTSTRAP_API_KEY is not dv_live_sk_ or dv_test_sk_ and at least 16 letters, digits, - or _.',
      '  LOG_LEVEL is none of trace, debug, info, warn, error, silent.',
    ].join('\n'),
  )
})
