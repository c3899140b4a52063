import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { errorCodes } from '../../src/kernel/errors.ts'
import { meanings } from '../../src/http/error-catalog.ts'
import { openApiDocument } from '../../src/http/rest/openapi/openapi.ts'
import { bannedIn, bannedTexts } from '../support/prose.ts'
import { documentFiles } from '../support/documents.ts'

describe('no banned word or phrase is used', () => {
  test('in the documentation', () => {
    expect(documentFiles.flatMap(bannedIn)).toEqual([])
  })

  test('in descriptions of the GraphQL schema', async () => {
    const schema = await readFile('schema.graphql', 'utf8')
    const descriptions = [...schema.matchAll(/"""([\s\S]*?)"""/g)].map(([, text = '']) => text)
    expect(bannedTexts(descriptions)).toEqual([])
  })

  test('in the OpenAPI document', () => {
    expect(bannedTexts(openApiDocument())).toEqual([])
  })

  test('in the meanings of errors', () => {
    expect(bannedTexts(errorCodes.map((code) => [meanings[code].when, meanings[code].remedy]))).toEqual([])
  })

  // Comments and texts of the sources; of tests their comments and titles.
  test.each(['src', 'prisma/schema', 'bench', 'test', 'deploy'])('in %s', (folder) => {
    expect(bannedIn(folder)).toEqual([])
  })
})
