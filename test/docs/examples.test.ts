import { execFile } from 'node:child_process'
import { cpSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { parse, validate } from 'graphql'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createSchema } from '../../src/http/graphql/schema/schema.ts'
import { documentFiles } from '../support/documents.ts'
import { newDataFolder } from '../support/gateway.ts'
import { type Running, runCli, startServer } from '../support/process.ts'

interface Block {
  readonly file: string
  readonly language: string
  readonly text: string
  /** The JSON block that follows, which shows the answer; null if there is none. */
  readonly answer: string | null
}

const blocks = (await Promise.all(documentFiles.map(blocksOf))).flat()
const run = promisify(execFile)
const hasCurl = await run('curl', ['--version']).then(
  () => true,
  () => false,
)

const schema = createSchema()
test.each(blocks.filter(({ language }) => language === 'graphql'))('the operation in $file is valid: $text', ({ text }) => {
  expect(validate(schema, parse(text))).toEqual([])
})

// The README's two commands are for the embedded database: a run on a server has nothing to add.
describe.runIf(inject('template').server === null)('pasted into a terminal', () => {
  const jwtSecret = 'a-secret-of-at-least-32-characters'
  let folder: string
  let server: Running
  beforeAll(async () => {
    folder = await imageFolder()
    await rename(await newDataFolder(), join(folder, '.data'))
    await mkdir(join(folder, 'examples'))
    await copyFile('examples/people.csv', join(folder, 'examples/people.csv'))
    await writeFile(join(folder, 'list.csv'), 'address,reason\nstop@example.com,complaint\n')
    server = await startServer({ DATA_DIR: join(folder, '.data'), NODE_ENV: 'production', JWT_SECRET: jwtSecret }, [], folder)
  })
  afterAll(async () => {
    server.process.kill('SIGTERM')
    await server.exit()
    await rm(folder, { recursive: true, force: true })
  })

  const here = (text: string): string => text.replaceAll(/http:\/\/(?:127\.0\.0\.1|localhost):4000/g, server.url)

  const requests = blocks.filter(({ language, text }) => /^(?:ba)?sh$/.test(language) && text.includes('curl') && !text.includes('curl -N'))
  test.skipIf(!hasCurl).for(requests)('the requests in $file are answered: $text', async ({ text, answer }) => {
    const { stdout } = await run('bash', ['-c', here(text)], { cwd: folder })
    expect(stdout).not.toMatch(/"errors?":\s*[[{]/)
    // What is written to a file, or is an answer after an answer, is not looked at.
    if (answer === null) expect(stdout).toMatch(/ -o \S+\.csv/.test(text) ? /^$/ : /^\{"data":/)
    else expect(settled(stdout)).toEqual(settled(answer))
  })

  const operations = blocks.filter(({ language }) => language === 'graphql')
  test.for(operations)('the operation in $file is answered: $text', async ({ text }) => {
    const { newest, maya } = await examples()
    const isOfSuggestion = text.includes('recordSuggestionOutcome')
    const { errors, data } = await ask(
      text
        .replaceAll('con_01jm8xw4r2e5tvq0c9h3kzb7nd', text.includes('eraseContacts') ? newest.nodes[0].id : maya.id)
        // A name that no system resolves: nothing is sent to others.
        .replace('https://example.com/', 'https://example.invalid/'),
      { contactId: maya.id, id: isOfSuggestion ? maya.nextBestActions[0].id : maya.id, revision: maya.revision },
    )
    expect(errors).toBeUndefined()
    // Whether a message may be sent depends on the time of day.
    if (!text.includes('reserveSend')) for (const answer of Object.values(data)) expect(answer).not.toHaveProperty('message')
  })

  const scripts = blocks.filter(({ language, text }) => language === 'js' && text.includes('fetch('))
  test.for(scripts)('the script in $file gets its answer with a token: $text', async ({ text }) => {
    const { viewer } = await examples()
    const token = await new SignJWT({ sub: 'ana', organization_id: viewer.organization.id, scope: 'contacts:read' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(jwtSecret))
    const script = `const token = process.env.TOKEN\n${here(text)}\nconsole.log(response.status)`
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { env: { ...process.env, TOKEN: token } })
    expect(stdout).toMatch(/^200$/m)
  })

  test('the health check of the image finds the server healthy', async () => {
    const [, check = '[]'] = /HEALTHCHECK[\s\S]*?CMD (\[.*\])$/m.exec(await readFile('deploy/Dockerfile', 'utf8')) ?? []
    // proof: the exec form of a Dockerfile is a JSON list of strings
    const [, ...args] = JSON.parse(check) as string[]
    await expect(run(process.execPath, args, { env: { PORT: new URL(server.url).port } })).resolves.toBeDefined()
    await expect(run(process.execPath, args, { env: { PORT: '1' } })).rejects.toThrow('Command failed')
  })

  async function ask(query: string, variables: Record<string, unknown> = {}) {
    const headers = { 'Content-Type': 'application/json', 'X-API-Key': await readFile(join(folder, '.data/demo-api-key'), 'utf8') }
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
    return response.json()
  }

  /** What stands for the ids of the examples. */
  const examples = async () =>
    (
      await ask(`{
        viewer { organization { id } }
        newest: contacts(first: 1) { nodes { id } }
        maya: contactBy(email: "maya.okafor@example.co.uk") { id revision nextBestActions(first: 1) { id } }
      }`)
    ).data

  // A command that stands in several files is run once.
  const commands = [
    ...new Map(
      blocks.flatMap(({ file, language, text }) =>
        language === 'bash' ? commandsOf(text).map((command) => [command, { file, command }] as const) : [],
      ),
    ).values(),
  ]
  test('the commands of the command line succeed', async () => {
    server.process.kill('SIGTERM')
    await server.exit()
    for (const { file, command } of commands) {
      const { code, output } = await runCli(words(command), { DATA_DIR: join(folder, '.data') }, folder)
      expect({ file, command, code, output }).toMatchObject({ code: 0 })
    }
    expect(await readFile(join(folder, 'contacts.csv'), 'utf8')).toContain('@')
  })

  test('there are examples of each kind', () => {
    expect(requests.length).toBeGreaterThan(10)
    expect(operations.length).toBeGreaterThan(12)
    expect(scripts.length).toBeGreaterThanOrEqual(2)
    expect(commands.length).toBeGreaterThan(5)
    expect(requests.filter(({ answer }) => answer !== null).length).toBeGreaterThanOrEqual(2)
  })
})

async function blocksOf(file: string): Promise<Block[]> {
  const text = await readFile(file, 'utf8')
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```(?:\s+^```json\n([\s\S]*?)^```)?/gm)].map(([, language = '', text = '', answer]) => ({
    file,
    language,
    text,
    answer: answer ?? null,
  }))
}

/** The arguments of the lines that call the command line. Lines with a placeholder are no commands. */
function commandsOf(text: string): string[] {
  return [...text.matchAll(/^npm run cli -- ([^\n]+)$/gm)]
    .map(([, args = '']) => args.replace(/\s+#.*$/, ''))
    .filter((args) => !args.includes('…'))
}

/** A folder with what deploy/Dockerfile copies into the image, and nothing else of the sources. */
async function imageFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'contact-gateway-docs-'))
  const copied = [...(await readFile('deploy/Dockerfile', 'utf8')).matchAll(/^COPY --from=build .*?\/app\/(\S+) /gm)]
  for (const [, path = ''] of copied) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    if (path === 'node_modules') await symlink(resolve(path), join(folder, path))
    else cpSync(path, join(folder, path), { recursive: true })
  }
  return folder
}

function words(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}

/** What stays the same from one start to another: ids and times do not. */
function settled(json: string): unknown {
  return JSON.parse(json.replace(/"[a-z]+_[0-9a-z]{26}"/g, '"ID"').replace(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"TIME"'))
}
