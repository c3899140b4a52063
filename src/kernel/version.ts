import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from './package-root.ts'

/** The version of this package: the one that every program, page and document shows. */
export const version: string = versionOf(readFileSync(join(packageRoot(), 'package.json'), 'utf8'))

function versionOf(manifest: string): string {
  const parsed: unknown = JSON.parse(manifest)
  if (typeof parsed === 'object' && parsed !== null && 'version' in parsed && typeof parsed.version === 'string') return parsed.version
  throw new Error('package.json has no version.')
}
