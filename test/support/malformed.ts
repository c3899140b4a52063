import fc from 'fast-check'

/** Malformed values for any input, whatever its type. */
export const absurd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    ' ',
    '\u0000',
    '\uD800',
    "'; drop table contacts; --",
    '" or 1=1',
    '%',
    '_%\\',
    '../../etc/passwd',
    '{{7*7}}',
    'null',
    '-1',
    '1e309',
    '\u202Etxt.exe',
    '𝕬𝖉𝖆'.repeat(50),
    'x'.repeat(20_000),
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
    '2026-02-30',
  ),
  fc.constantFrom<unknown>(null, true, 0, -0, -1, 1.5, 2 ** 31, Number.MAX_SAFE_INTEGER, 1e300, [], {}, [[[[]]]], {
    __proto__: null,
    constructor: 1,
  }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.jsonValue({ maxDepth: 3 }),
)
