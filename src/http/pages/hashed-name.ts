import { createHash } from 'node:crypto'

/** The name of a file with a hash of its content in it: what has this name never changes, so browsers may keep it. */
export function hashedName(name: string, content: string): string {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 16)
  return name.replace(/\.(?=\w+$)/, `.${hash}.`)
}
