import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'

const folder = join('src', 'console')

/** Attributes whose values people read or hear. */
const spoken = new Set(['aria-label', 'title', 'placeholder', 'label', 'heading', 'note', 'caption', 'alt'])

/** Words that are samples of what is typed, names of charsets, or signs; not texts of a language. */
const samples = new Set(['phone_call', 'https://', '12-25, 2027-01-01', 'DE', 'UTF-8, UTF-16'])

test('every text that the console shows stands in the catalogue', async () => {
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.tsx'))
  const found = await Promise.all(files.map(async (name) => textsIn(name, await readFile(join(folder, name), 'utf8'))))
  expect(found.flat()).toEqual([])
  expect(textsIn('x.tsx', '<p title={a ? "Big" : b}>{n} of {a && `${n} kinds`}</p>')).toEqual(['x.tsx: Big', 'x.tsx: of', 'x.tsx: kinds'])
})

function textsIn(name: string, source: string): string[] {
  const found: string[] = []
  const note = (text: string): void => {
    if (/\p{L}{2}/u.test(text) && !samples.has(text.trim())) found.push(`${name}: ${text.trim()}`)
  }
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) note(node.text)
    if (ts.isJsxExpression(node) && node.expression && !ts.isJsxAttribute(node.parent)) shown(node.expression)
    if (ts.isJsxAttribute(node) && spoken.has(node.name.getText())) {
      const value = node.initializer
      if (value && ts.isStringLiteral(value)) note(value.text)
      if (value && ts.isJsxExpression(value) && value.expression) shown(value.expression)
    }
    ts.forEachChild(node, visit)
  }
  /** Literals that the value of an expression can be, or be made of. */
  const shown = (node: ts.Expression): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) note(node.text)
    if (ts.isTemplateExpression(node)) {
      for (const { text } of [node.head, ...node.templateSpans.map(({ literal }) => literal)]) note(text)
      for (const { expression } of node.templateSpans) shown(expression)
    }
    if (ts.isParenthesizedExpression(node)) shown(node.expression)
    if (ts.isConditionalExpression(node)) for (const branch of [node.whenTrue, node.whenFalse]) shown(branch)
    if (ts.isBinaryExpression(node)) for (const side of sidesOf(node)) shown(side)
  }
  visit(ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX))
  return found
}

/** The sides of `&&`, `||`, `??` and `+` that can be shown; those of a comparison are not. */
function sidesOf({ left, right, operatorToken: { kind } }: ts.BinaryExpression): ts.Expression[] {
  if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return [right]
  const joins = [ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.PlusToken]
  return joins.includes(kind) ? [left, right] : []
}
