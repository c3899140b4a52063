import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const data = join(import.meta.dirname, '../src/data')

test('the data layer has no word of GraphQL', () => {
  const files = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('generated'),
  )
  expect(files.length).toBeGreaterThan(50)
  const words = /graphql|relay|resolver|yoga|pothos|__typename/i
  expect(files.filter((file) => words.test(readFileSync(join(data, file), 'utf8')))).toEqual([])
})
