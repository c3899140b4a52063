import { isPart, operationsOf, parametersOf, type Part } from './document.ts'

/** The address in samples. The reference page puts its own origin in its place. */
const origin = 'http://127.0.0.1:4000'

interface Call {
  readonly method: string
  readonly url: string
  readonly body: unknown
}

/** Adds samples in curl, JavaScript and Python to every operation, as `x-codeSamples`. Changes the document. */
export function addSamples(document: Part): void {
  for (const { path, method, operation } of operationsOf(document)) {
    const url = `${origin}${withExamples(path, parametersOf(operation))}`
    const call = { method: method.toUpperCase(), url, body: bodyOf(operation) }
    operation['x-codeSamples'] = [
      { lang: 'Shell', label: 'curl', source: curl(call) },
      { lang: 'JavaScript', label: 'JavaScript', source: javaScript(call) },
      { lang: 'Python', label: 'Python', source: python(call) },
    ]
  }
}

function withExamples(path: string, list: readonly Part[]): string {
  return path.replace(/\{(\w+)\}/g, (text, name: string) => {
    const { example, schema } = list.find((parameter) => parameter['name'] === name) ?? {}
    const value = example ?? (isPart(schema) ? schema['example'] : undefined)
    return typeof value === 'string' ? value : text
  })
}

function bodyOf({ requestBody }: Part): unknown {
  const content = isPart(requestBody) ? requestBody['content'] : undefined
  const json = isPart(content) ? content['application/json'] : undefined
  return isPart(json) ? json['example'] : undefined
}

function curl({ method, url, body }: Call): string {
  return [
    `curl ${method === 'GET' || (method === 'POST' && body !== undefined) ? '' : `-X ${method} `}'${url}'`,
    `-H "X-API-Key: $KEY"`,
    ...(body === undefined
      ? []
      : [`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(body).replaceAll("'", String.raw`'\''`)}'`]),
  ].join(' \\\n  ')
}

function javaScript({ method, url, body }: Call): string {
  const headers = body === undefined ? `{ 'X-API-Key': key }` : `{ 'X-API-Key': key, 'Content-Type': 'application/json' }`
  const options = [
    ...(method === 'GET' ? [] : [`  method: '${method}',`]),
    `  headers: ${headers},`,
    ...(body === undefined ? [] : [`  body: JSON.stringify(${indented(JSON.stringify(body, null, 2))}),`]),
  ]
  return `const response = await fetch('${url}', {\n${options.join('\n')}\n})\nconsole.log(response.status, await response.text())`
}

function python({ method, url, body }: Call): string {
  const options = [`    '${url}',`, `    headers={'X-API-Key': key},`, ...(body === undefined ? [] : [`    json=${pythonOf(body)},`])]
  return `import requests\n\nresponse = requests.${method.toLowerCase()}(\n${options.join('\n')}\n)\nprint(response.status_code, response.text)`
}

function indented(text: string): string {
  return text.replaceAll('\n', '\n  ')
}

/** A JSON value as Python writes it. */
function pythonOf(value: unknown): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (Array.isArray(value)) return `[${value.map(pythonOf).join(', ')}]`
  if (!isPart(value)) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(key)}: ${pythonOf(each)}`)
    .join(', ')}}`
}
