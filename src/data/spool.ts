import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DiskFull } from '../kernel/faults.ts'
import { isDiskFull } from './faults.ts'

const prefix = 'contact-gateway-export-'

/** The same text, written to a temporary file first. The file has no name by the time that it is written: it is gone with the process, however that ends. */
export async function* spooled(lines: AsyncGenerator<string>): AsyncGenerator<string> {
  const { folder, file } = await openFile().catch((error: unknown) => {
    throw faultIn(error)
  })
  // Windows keeps the name of a file that is open.
  await rm(folder, { recursive: true, force: true }).catch(() => {})
  try {
    for await (const text of lines) await file.write(text)
    for await (const text of file.createReadStream({ start: 0, encoding: 'utf8', autoClose: false })) yield String(text)
  } catch (error) {
    throw faultIn(error)
  } finally {
    await file.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function openFile() {
  const folder = await mkdtemp(join(tmpdir(), prefix))
  return { folder, file: await open(join(folder, 'lines'), 'wx+', 0o600) }
}

function faultIn(error: unknown): unknown {
  return isDiskFull(error) ? new DiskFull() : error
}

/** How old a file is at least that its process has left, in milliseconds: another process may be about to open a younger one. */
const age = 60_000

/** Removes files that processes have left which were killed on a system that keeps the names of open files, or before the name was removed. */
export async function removeLeftSpools(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => [])
  for (const name of names.filter((found) => found.startsWith(prefix))) {
    const folder = join(tmpdir(), name)
    const isOld = await stat(folder).then(
      ({ mtimeMs }) => Math.abs(Date.now() - mtimeMs) > age,
      () => false,
    )
    // A file of another user stays, and so does an open one on Windows.
    if (isOld) await rm(folder, { recursive: true, force: true }).catch(() => {})
  }
}
