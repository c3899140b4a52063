import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, InvalidConfig } from '../config.ts'
import { inMemory } from '../data/driver/embedded.ts'
import { createSecretKeys, type SecretKeys } from '../kernel/secret-keys.ts'

/**
 * The secret keys of an installation: those of `SECRET_KEYS`, or on the embedded database one that is made in its folder at the first
 * start and kept there.
 * @throws InvalidConfig if a server is used without `SECRET_KEYS`: all its processes need the same, and none may lose them
 */
export async function openSecretKeys(config: Pick<Config, 'secretKeys' | 'database'>): Promise<SecretKeys> {
  const { url, dataDir } = config.database
  if (config.secretKeys !== null) return createSecretKeys(config.secretKeys)
  if (url !== null)
    throw new InvalidConfig([
      'SECRET_KEYS is missing. With DATABASE_URL it must be set to a random secret of at least 32 characters, such as the output of ' +
        '"openssl rand -base64 32", and stay the same in every process and at every start.',
    ])
  if (dataDir === inMemory) return createSecretKeys([newSecret()])
  const file = join(dataDir, 'secret-keys')
  return createSecretKeys((await readSecrets(file)) ?? (await makeSecrets(file)))
}

function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** The secrets of a file, one a line or separated by commas; null if there is no such file. */
async function readSecrets(file: string): Promise<string[] | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  const secrets = text.split(/[\s,]+/).filter((secret) => secret !== '')
  if (secrets.length === 0) throw new InvalidConfig([`${file} is empty. Restore it from a backup, or set SECRET_KEYS.`])
  return secrets
}

/** Linking is atomic: the file is complete when it appears, and of two processes that make it, both read the same one. */
async function makeSecrets(file: string): Promise<readonly string[]> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(draft, `${newSecret()}\n`, { mode: 0o600, flush: true })
  try {
    await link(draft, file).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    })
  } finally {
    await rm(draft, { force: true })
  }
  return (await readSecrets(file)) ?? []
}
