import { DriverAdapterError } from '@prisma/driver-adapter-utils'
import { expect, test } from 'vitest'
import { isUnavailable } from '../../src/data/faults.ts'
import { uniqueIndexIn } from '../../src/data/prisma-errors.ts'
import { statementsOf } from '../../src/data/sql-statements.ts'

test('a script is cut between its statements only', () => {
  const statements = [
    `insert into "a;b" values ('it''s; here');`,
    `create function f() returns trigger as $body$ begin perform 1; return new; end; $body$ language plpgsql;`,
    `-- a comment; with a semicolon\nselect $$a;b$$, /* c;d */ 1;`,
    `select 'the last one has no semicolon'`,
  ]
  expect(statementsOf(`${statements.join('\n\n')}\n-- the end;\n`)).toEqual([...statements.slice(0, 3), `${statements[3]}\n-- the end;`])
  expect(statementsOf(' ;; -- nothing\n')).toEqual([';', ';'])
})

test.each([
  ['duplicate key value violates unique constraint "contacts_living_phone"', 'contacts_living_phone'],
  ['duplicate key value violates unique constraint "contacts_living_phone_102062"', 'contacts_living_phone'],
  ['ERROR:  duplicate key value violates unique constraint "topics_key_1020620"\nCONTEXT:  while executing command', 'topics_key'],
  ['null value in column "id" violates not-null constraint', null],
  [undefined, null],
])('the index that %j names is %j', (message, index) => {
  expect(uniqueIndexIn(message)).toBe(index)
})

test.each([
  ['XX000', 'failure on connection marked as essential: 127.0.0.1:5602', true],
  ['XX000', 'could not find valid entry for shard 102184', true],
  ['08006', 'connection to the remote node postgres@127.0.0.1:5602 failed with the following error: Connection refused', true],
  ['XX000', 'server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally', true],
  ['XX000', 'SSL SYSCALL error: EOF detected', true],
  ['XX000', 'cache lookup failed for function 1', false],
])('whether %s with "%s" means that the database cannot be reached', (originalCode, originalMessage, expected) => {
  const cause = {
    kind: 'postgres',
    code: originalCode,
    originalCode,
    originalMessage,
    severity: 'ERROR',
    message: originalMessage,
  } as const
  expect(isUnavailable(new DriverAdapterError({ ...cause, detail: undefined, column: undefined, hint: undefined }))).toBe(expected)
})
