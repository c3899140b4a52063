import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Running, startServer } from './support/process.ts'

const readme = await readFile('README.md', 'utf8')
const hasCurl = await promisify(execFile)('curl', ['--version']).then(
  () => true,
  () => false,
)

let folder: string
let server: Running
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-gateway-readme-'))
  server = await startServer({ DATA_DIR: join(folder, '.data') })
})
afterAll(async () => {
  server.process.kill('SIGTERM')
  await server.exit()
  await rm(folder, { recursive: true, force: true })
})

const examples = [...readme.matchAll(/```bash\n((?:(?!```)[\s\S])*curl[\s\S]*?)```\s+```json\n([\s\S]*?)```/g)].map(
  ([, command = '', answer = '']) => ({ command, answer }),
)

test.skipIf(!hasCurl).for(examples)('the answer to $command is the one that the README shows', async ({ command, answer }) => {
  const pasted = command.replaceAll('http://127.0.0.1:4000', server.url)
  const { stdout } = await promisify(execFile)('bash', ['-c', pasted], { cwd: folder })
  expect(settled(stdout)).toEqual(settled(answer))
})

test('there are examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(2)
})

/** What stays the same from one start to another: ids and moments do not. */
function settled(json: string): unknown {
  return JSON.parse(json.replace(/"[a-z]+_[0-9a-z]{26}"/g, '"ID"').replace(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"MOMENT"'))
}
