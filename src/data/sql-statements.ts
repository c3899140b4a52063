/** What a semicolon does not end: quoted text and names, texts between dollar signs, comments. */
const opaque = /'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$(?:[A-Za-z_]\w*)?\$)[\s\S]*?\1|--[^\n]*|\/\*[\s\S]*?\*\//y

/**
 * Cuts a script at the semicolons between its statements. Scripts are our own migrations: without escape strings (`E'…'`), nested
 * comments and functions with a body that is not quoted (`begin atomic`).
 */
export function statementsOf(script: string): string[] {
  const statements: string[] = []
  let start = 0
  for (let at = 0; at < script.length;) {
    opaque.lastIndex = at
    if (opaque.test(script)) {
      at = opaque.lastIndex
    } else if (script[at] === ';') {
      statements.push(script.slice(start, at + 1))
      start = at + 1
      at = start
    } else {
      at += 1
    }
  }
  return [...statements, script.slice(start)].map((statement) => statement.trim()).filter(hasWords)
}

function hasWords(statement: string): boolean {
  return statement.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').trim() !== ''
}
