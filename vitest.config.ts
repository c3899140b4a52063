import { configDefaults, defineConfig } from 'vitest/config'
import { testsOfOneServer } from './test/support/citus.ts'

const isOnCitus = (process.env['CITUS_URL'] ?? '') !== ''

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: isOnCitus ? [...configDefaults.exclude, ...testsOfOneServer] : configDefaults.exclude,
    globalSetup: 'test/support/global-setup.ts',
    setupFiles: 'test/support/tenancy/watch.ts',
    pool: 'forks',
    maxWorkers: 2,
    // Files share a process, so that the schema is built and the libraries are loaded once, and most share a database (test/support/gateway.ts).
    isolate: false,
    // Some tests start whole programs, and a busy machine takes its time.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    reporters: ['default'],
  },
  // Vitest would load one copy of graphql as ES modules and another as CommonJS, and those refuse each other.
  resolve: { alias: { graphql: 'graphql/index.js' } },
})
