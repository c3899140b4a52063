import { beforeAll, describe, expect, test } from 'vitest'
import { loadModule } from 'libpg-query'
import { readMigrations } from '../../src/data/schema-engine.ts'
import { faultsOf } from '../support/migrations/faults.ts'

/** The last migration of the first release: up to it there was nothing to be kept from. */
const baseline = '20261123142100_import_queue'

beforeAll(() => loadModule())

test('no migration since the first release keeps anyone from a busy table, or takes what old processes use', async () => {
  const { migrationDirectories } = await readMigrations()
  const migrations = migrationDirectories.map(({ path, migrationFile }) => ({
    name: path,
    sql: migrationFile.content.tag === 'ok' ? migrationFile.content.value : '',
  }))
  expect(migrations.map(({ name }) => name)).toContain(baseline)
  expect(
    migrations.flatMap((migration, index) => (migration.name > baseline ? faultsOf(migration, migrations.slice(0, index)) : [])),
  ).toEqual([])
  // The rules find what there is to find.
  const first = migrations.filter(({ name }) => name <= baseline)
  expect(first.flatMap((migration, index) => faultsOf(migration, first.slice(0, index))).length).toBeGreaterThan(5)
})

const earlier = [
  {
    name: '1',
    sql: 'ALTER TABLE notes ADD CONSTRAINT notes_mood CHECK (mood IS NOT NULL) NOT VALID, ADD CONSTRAINT notes_short CHECK (mood > 0) NOT VALID;',
  },
  { name: '2', sql: 'ALTER TABLE notes VALIDATE CONSTRAINT notes_mood;' },
]
const faults = (sql: string) => faultsOf({ name: 'this', sql }, earlier)

describe('is let pass:', () => {
  test.each([
    'CREATE INDEX CONCURRENTLY notes_by_author ON notes (organization_id, author);',
    'DROP INDEX CONCURRENTLY notes_by_author;',
    'CREATE TABLE moods (id int); CREATE INDEX moods_id ON moods (id); ALTER TABLE moods ADD CONSTRAINT m CHECK (id > 0);',
    'ALTER TABLE notes ADD COLUMN mood int;',
    'ALTER TABLE notes ADD COLUMN mood int NOT NULL DEFAULT 1, ADD COLUMN seen timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP;',
    'ALTER TABLE notes ADD CONSTRAINT c CHECK (mood > 0) NOT VALID;',
    'ALTER TABLE notes VALIDATE CONSTRAINT notes_short;',
    'ALTER TABLE notes ALTER COLUMN mood SET NOT NULL;',
    'ALTER TABLE notes ADD CONSTRAINT k UNIQUE USING INDEX notes_k;',
    '-- Accepted: nobody has read this column since release 1.4.\nALTER TABLE notes DROP COLUMN mood;',
    "CREATE TYPE mood AS ENUM ('good');",
    '-- In batches: of a hundred notes each.\nDO $$ BEGIN UPDATE notes SET mood = 1; COMMIT; END $$;',
    '-- Accepted: these are at most ten rows.\nUPDATE notes SET mood = 1;',
  ])('%s', (sql) => expect(faults(sql)).toEqual([]))
})

describe('is refused:', () => {
  test.each([
    ['CREATE INDEX notes_by_author ON notes (author);', /while writes to notes are blocked/],
    ['CREATE INDEX CONCURRENTLY a ON notes (author); CREATE INDEX CONCURRENTLY b ON notes (body);', /file of its own/],
    ['ALTER TABLE notes ADD CONSTRAINT c CHECK (mood > 0);', /c looks at every row of notes/],
    ['ALTER TABLE notes ADD CONSTRAINT f FOREIGN KEY (author) REFERENCES people (id);', /f looks at every row/],
    ['ALTER TABLE notes ADD CONSTRAINT u UNIQUE (author);', /u builds an index/],
    [
      'ALTER TABLE notes ADD CONSTRAINT n CHECK (mood > 0) NOT VALID; ALTER TABLE notes VALIDATE CONSTRAINT n;',
      /validated in the migration that adds it/,
    ],
    ['ALTER TABLE notes ALTER COLUMN author SET NOT NULL;', /author becomes NOT NULL/],
    ['ALTER TABLE notes ALTER COLUMN mood TYPE bigint;', /rewrites the table/],
    ['ALTER TABLE notes ADD COLUMN mood int NOT NULL;', /could not insert/],
    ['ALTER TABLE notes ADD COLUMN mood uuid DEFAULT gen_random_uuid();', /another for each row/],
    ['ALTER TABLE notes ADD COLUMN mood int REFERENCES moods (id);', /CONSTR_FOREIGN/],
    ['ALTER TABLE notes ADD COLUMN mood int GENERATED ALWAYS AS (1) STORED;', /CONSTR_GENERATED/],
    ['ALTER TABLE notes DROP COLUMN mood;', /old processes still read it/],
    ['-- Accepted: so\nALTER TABLE notes DROP COLUMN mood;', /old processes still read it/],
    ['ALTER TABLE notes RENAME COLUMN mood TO temper;', /renamed/],
    ['ALTER TABLE notes SET UNLOGGED;', /AT_SetUnLogged/],
    ['DROP TABLE notes;', /dropped/],
    ['UPDATE notes SET mood = 1;', /in batches/],
    ['DO $$ BEGIN UPDATE notes SET mood = 1; END $$;', /"-- In batches: "/],
    ['-- In batches: of a hundred notes each.\nDO $$ BEGIN NULL; END $$; ALTER TABLE notes ADD COLUMN mood int;', /alone in its file/],
    [
      'ALTER TABLE notes ADD COLUMN mood int;\n-- Accepted: these are at most ten rows.\nUPDATE notes SET mood = 1;',
      /written while notes is locked/,
    ],
    ['ALTER TABLE notes ADD COLUMN mood int; ALTER TABLE calls ADD COLUMN mood int;', /notes and calls are locked together/],
    ['CREATE TABLE moods (organization_id text REFERENCES organizations (id));', /add the reference afterwards/],
    ['CREATE TABLE moods (id int, CONSTRAINT m FOREIGN KEY (id) REFERENCES notes (id));', /add the reference afterwards/],
    ['LOCK TABLE notes;', /LockStmt is not known/],
  ])('%s', (sql, reason) => {
    expect(faults(sql)).toHaveLength(1)
    expect(faults(sql)[0]).toMatch(reason)
  })
})
