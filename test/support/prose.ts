import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Words and phrases that the project does not use: metaphors, and subjects that name nothing (docs/architecture.md has the glossary). */
const banned =
  /\b(?:nobody|somebody|whoever|those who|anew|told|tells?|telling|moments?|wish(?:es|ed)?|doors?|floors?|storeys?|hung up|hangs? up|mourn\w*|colleagues?|absurd|if nothing is said|what is (?:not )?said|as it is(?=[.,;:)]|$)|what is asked|takes? turns|mendable|endable)\b/i

export interface Prose {
  readonly file: string
  readonly line: number
  readonly text: string
}

/** Comments and texts of a source file. Names in the code are none. */
const parts = /\/\/.*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g

/** The prose of a file of TypeScript, Prisma or GraphQL; of tests only their comments and titles. */
function proseOf(file: string): Prose[] {
  const source = readFileSync(file, 'utf8')
  const isTest = file.startsWith('test/')
  return [...source.matchAll(parts)].flatMap(({ 0: text, index }) => {
    const isComment = /^\/[/*]/.test(text)
    const isText = isTest
      ? /(?:\b(?:test|describe|it)(?:\.[\w.]+(?:\([^()]*\))?)?\(|\]\)\()\s*$/.test(source.slice(Math.max(0, index - 60), index))
      : / /.test(text)
    return isComment || isText ? [{ file, line: source.slice(0, index).split('\n').length, text: plain(text) }] : []
  })
}

function markdownProse(file: string): Prose[] {
  const lines = readFileSync(file, 'utf8')
    .replaceAll(/^```[\s\S]*?^```/gm, (block) => '\n'.repeat(block.split('\n').length - 1))
    .split('\n')
  return lines.map((text, index) => ({ file, line: index + 1, text: plain(text) }))
}

/** Without code: what stands in backticks within a comment, and what is put into a text. */
function plain(text: string): string {
  return text.replaceAll(/\$\{[^}]*(?:\}|$)/g, ' ').replaceAll(/(?<=.)`[^`\n]*`/g, ' ')
}

/** Where a file or folder uses banned words. */
export function bannedIn(path: string): string[] {
  return filesIn(path)
    .flatMap((file) => (/\.(?:tsx?|prisma|graphql)$/.test(file) ? proseOf(file) : markdownProse(file)))
    .flatMap(({ file, line, text }) => {
      const found = banned.exec(text)
      return found === null
        ? []
        : [`${file}:${line}: ${found[0]}: ${text.slice(Math.max(0, found.index - 50), found.index + 60).replaceAll(/\s+/g, ' ')}`]
    })
}

function filesIn(path: string): string[] {
  if (/\.\w+$/.test(path)) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:tsx?|md|prisma|graphql|ya?ml|conf|service)$|^Dockerfile$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/\/(?:generated|node_modules)\//.test(file))
}

/** Texts of a document, by the pattern. */
export function bannedTexts(value: unknown): string[] {
  if (typeof value === 'string') return banned.test(value.replaceAll(/`[^`]*`/g, ' ')) ? [value] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(bannedTexts) : []
}
