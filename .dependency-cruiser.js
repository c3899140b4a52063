// The walls of the house: http → domain → data, with the kernel below all; see "The house" in the README.
const rooms = [
  ['contacts', 'organizations', 'api-keys', 'idempotency'],
  ['notes', 'preferences', 'blocking'],
  ['activities'],
  ['timeline', 'journey', 'frequency-caps'],
  ['sending'],
  ['next-best-action'],
  ['profile'],
  ['imports', 'exports', 'bulk-actions'],
]

const anyOf = (names) => `^src/domain/(${names.join('|')})/`

export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'kernel-knows-nobody', severity: 'error', from: { path: '^src/kernel' }, to: { path: '^(src/(?!kernel)|prisma)' } },
    { name: 'data-knows-only-the-kernel', severity: 'error', from: { path: '^src/data' }, to: { path: '^(src/(?!data|kernel)|prisma)' } },
    {
      name: 'domain-does-not-know-its-doors',
      severity: 'error',
      from: { path: '^src/domain' },
      to: { path: '^(src/(?!domain|data|kernel)|prisma)' },
    },
    {
      name: 'domain-speaks-no-protocol',
      severity: 'error',
      from: { path: '^src/(domain|data|kernel)', pathNot: '^src/data/generated' },
      to: { path: 'node_modules/(graphql|graphql-yoga|@pothos|hono|@hono)/' },
    },
    {
      name: 'doors-do-not-query',
      severity: 'error',
      from: { path: '^src/http' },
      to: { path: '^src/data/(?!statements\\.ts)', dependencyTypesNot: ['type-only'], pathNot: '^src/data/generated/pothos.ts$' },
    },
    {
      name: 'doors-do-not-know-each-other',
      severity: 'error',
      from: { path: '^src/http/(graphql|rest)/' },
      to: { path: '^src/http/(graphql|rest|pages)/', pathNot: '^src/http/$1/' },
    },
    {
      name: 'only-the-top-composes',
      severity: 'error',
      from: { path: '^src/(http|domain|data|kernel)' },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'only-config-reads-the-environment',
      severity: 'error',
      from: { path: '^src/(?!main|cli|mendable|secret-keys)' },
      to: { path: '^src/config.ts$', dependencyTypesNot: ['type-only'] },
    },
    { name: 'tests-stay-outside', severity: 'error', from: { path: '^(src|prisma)' }, to: { path: '^test' } },
    // A room knows the rooms on the storeys below it, and none beside or above.
    ...rooms.flatMap((names, storey) =>
      names.map((name) => ({
        name: `${name}-looks-down-only`,
        severity: 'error',
        from: { path: `^src/domain/${name}/` },
        to: {
          path: anyOf(rooms.slice(storey).flat()),
          pathNot: `^src/domain/(${[name, ...(storey === 0 ? ['organizations'] : [])].join('|')})/`,
        },
      })),
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/data/generated/(?!client|pothos)' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'], exportsFields: ['exports'], conditionNames: ['import', 'node'] },
  },
}
