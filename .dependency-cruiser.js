// The layers of docs/architecture.md: http → domain → data, with the kernel below all. Imports go down only.
const levels = [
  ['contacts', 'organizations', 'api-keys', 'idempotency'],
  ['topics'],
  ['suppression'],
  ['notes', 'preferences', 'blocking', 'attributes', 'reservations'],
  ['activities'],
  ['finding'],
  ['timeline', 'journey', 'frequency-caps', 'duplicates'],
  ['sending'],
  ['next-best-action'],
  ['profile'],
  ['imports', 'exports', 'bulk-actions', 'merging', 'erasure', 'webhooks', 'preference-links'],
]

const anyOf = (names) => `^src/domain/(${names.join('|')})/`
const graphql = (folders) => `^src/http/graphql/(${folders})/`

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'kernel-imports-nothing-of-ours', severity: 'error', from: { path: '^src/kernel' }, to: { path: '^(src/(?!kernel)|prisma)' } },
    { name: 'data-imports-only-the-kernel', severity: 'error', from: { path: '^src/data' }, to: { path: '^(src/(?!data|kernel)|prisma)' } },
    {
      name: 'domain-does-not-import-http',
      severity: 'error',
      from: { path: '^src/domain' },
      to: { path: '^(src/(?!domain|data|kernel)|prisma)' },
    },
    {
      name: 'domain-knows-no-protocol',
      severity: 'error',
      from: { path: '^src/(domain|data|kernel)', pathNot: '^src/data/generated' },
      to: { path: 'node_modules/(graphql|graphql-yoga|@pothos|hono|@hono)/' },
    },
    {
      name: 'http-does-not-query',
      severity: 'error',
      from: { path: '^src/http' },
      to: { path: '^src/data/(?!driver/query-stats\\.ts)', dependencyTypesNot: ['type-only'], pathNot: '^src/data/generated/pothos.ts$' },
    },
    {
      name: 'apis-do-not-import-each-other',
      severity: 'error',
      from: { path: '^src/http/(graphql|rest)/' },
      to: { path: '^src/http/(graphql|rest|pages)/', pathNot: '^src/http/$1/' },
    },
    {
      name: 'schema-does-not-import-its-execution',
      severity: 'error',
      from: { path: graphql('schema') },
      to: { path: graphql('execution|server|subscriptions'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'compiler-knows-no-transport',
      severity: 'error',
      from: { path: graphql('compiler') },
      to: { path: graphql('server|subscriptions') },
    },
    {
      name: 'execution-knows-no-transport',
      severity: 'error',
      from: { path: graphql('execution') },
      to: { path: graphql('server'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-the-top-composes',
      severity: 'error',
      from: { path: '^src/(http|domain|data|kernel)' },
      to: { path: '^src/([^/]+\\.ts$|server/|cli/)' },
    },
    {
      name: 'only-the-programs-read-the-environment',
      severity: 'error',
      from: { path: '^src/(?!server/main|server/startup-errors|server/secret-keys|cli/)' },
      to: { path: '^src/config.ts$', dependencyTypesNot: ['type-only'] },
    },
    { name: 'src-does-not-import-tests', severity: 'error', from: { path: '^(src|prisma)' }, to: { path: '^test' } },
    // A domain module imports the modules on lower levels, and none beside or above.
    ...levels.flatMap((names, level) =>
      names.map((name) => ({
        name: `${name}-imports-lower-modules-only`,
        severity: 'error',
        from: { path: `^src/domain/${name}/` },
        to: {
          path: anyOf(levels.slice(level).flat()),
          pathNot: `^src/domain/(${[name, ...(level === 0 ? ['organizations'] : [])].join('|')})/`,
        },
      })),
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/data/generated/(?!client|pothos)' },
    cache: { folder: 'node_modules/.cache/dependency-cruiser', strategy: 'content' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'], exportsFields: ['exports'], conditionNames: ['import', 'node'] },
  },
}
