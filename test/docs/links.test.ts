import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Marked, type Token } from 'marked'
import { getHeadingList, gfmHeadingId } from 'marked-gfm-heading-id'
import { expect, test } from 'vitest'
import { documentFiles } from '../support/documents.ts'

const documents = new Map(await Promise.all(documentFiles.map(async (file) => [file, await readFile(file, 'utf8')] as const)))

test.each(documentFiles)('every link of %s leads somewhere', (file) => {
  const broken = linksOf(documents.get(file) ?? '').filter((href) => !exists(file, href))
  expect(broken).toEqual([])
})

test.each(documentFiles)('the lines of %s have at most 140 characters', (file) => {
  const lines = (documents.get(file) ?? '').split('\n').filter((line) => line.length > 140 && !line.startsWith('|'))
  expect(lines).toEqual([])
})

test('the README has at most 1,300 words', () => {
  expect((documents.get('README.md') ?? '').split(/\s+/).length).toBeLessThanOrEqual(1300)
})

function linksOf(markdown: string): string[] {
  const marked = new Marked()
  const links: string[] = []
  const note = (token: Token) => void ((token.type === 'link' || token.type === 'image') && links.push(String(token['href'])))
  void marked.walkTokens(marked.lexer(markdown), note)
  return links.filter((href) => !/^[a-z]+:/.test(href))
}

function exists(file: string, href: string): boolean {
  const [path = '', anchor] = href.split('#')
  const target = path === '' ? file : join(dirname(file), path)
  if (!existsSync(target)) return false
  const text = documents.get(target)
  return anchor === undefined || (text !== undefined && anchorsOf(text).includes(anchor))
}

function anchorsOf(markdown: string): string[] {
  void new Marked(gfmHeadingId()).parse(markdown)
  return getHeadingList().map(({ id }) => id)
}
