import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse, validate } from 'graphql'
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
  let folder: string
  let server: Running
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'contact-gateway-docs-'))
    await rename(await newDataFolder(), join(folder, '.data'))
    await mkdir(join(folder, 'examples'))
    for (const path of ['people.csv', 'examples/people.csv']) await copyFile('examples/people.csv', join(folder, path))
    server = await startServer({ DATA_DIR: join(folder, '.data') })
  })
  afterAll(async () => {
    server.process.kill('SIGTERM')
    await server.exit()
    await rm(folder, { recursive: true, force: true })
  })

  const requests = blocks.filter(({ language, text }) => /^(?:ba)?sh$/.test(language) && text.includes('curl') && !text.includes('curl -N'))
  test.skipIf(!hasCurl).for(requests)('the requests in $file are answered: $text', async ({ text, answer }) => {
    const pasted = text.replaceAll(/http:\/\/(?:127\.0\.0\.1|localhost):4000/g, server.url)
    const { stdout } = await run('bash', ['-c', `KEY=$(cat .data/demo-api-key)\n${pasted}`], { cwd: folder })
    expect(stdout).not.toMatch(/"errors?":\s*[[{]/)
    // What is written to a file, or is an answer after an answer, is not looked at.
    if (answer === null) expect(stdout).toMatch(pasted.includes(' -o ') ? /^$/ : /^\{"data":/)
    else expect(settled(stdout)).toEqual(settled(answer))
  })

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
    expect(requests.length).toBeGreaterThan(6)
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
  return [...text.matchAll(/^npm run cli -- ([^\n]+)$/gm)].map(([, args = '']) => args).filter((args) => !args.includes('…'))
}

function words(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}

/** What stays the same from one start to another: ids and times do not. */
function settled(json: string): unknown {
  return JSON.parse(json.replace(/"[a-z]+_[0-9a-z]{26}"/g, '"ID"').replace(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"TIME"'))
}
