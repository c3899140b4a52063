import { readdirSync } from 'node:fs'

/** The files that document the project. */
export const documentFiles: readonly string[] = [
  'README.md',
  'CHANGELOG.md',
  ...['docs', 'docs/guide', 'docs/decisions'].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
]
