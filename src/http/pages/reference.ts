import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { html } from 'hono/html'
import { hashedName } from './hashed-name.ts'
import type { Site } from './site.ts'

const files = ['swagger-ui.css', 'swagger-ui-bundle.js'] as const
type FileName = (typeof files)[number]

interface Asset {
  /** Contains a hash of the content: what has this name never changes. */
  readonly name: string
  readonly content: string
}

/** Reads the files of Swagger UI, and names them by their content. */
export async function readReferenceAssets(): Promise<Readonly<Record<FileName, Asset>>> {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  const read = async (file: FileName): Promise<Asset> => {
    const content = await readFile(join(folder, file), 'utf8')
    return { name: hashedName(file, content), content }
  }
  const [css, script] = await Promise.all([read('swagger-ui.css'), read('swagger-ui-bundle.js')])
  return { 'swagger-ui.css': css, 'swagger-ui-bundle.js': script }
}

/** The page that lists every REST route and calls it. `docs/site/reference.js` starts it. */
export function referencePage(site: Site, assets: Readonly<Record<FileName, Asset>>, demoKey: string | null) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="demo-key" content="${demoKey ?? ''}" />
        <title>REST reference · Contact gateway</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/docs/assets/${assets['swagger-ui.css'].name}" />
        <link rel="stylesheet" href="${site.referenceStyle}" />
        <script src="/docs/assets/${assets['swagger-ui-bundle.js'].name}" defer></script>
        <script src="${site.referenceScript}" type="module"></script>
      </head>
      <body>
        <nav class="top" aria-label="Contact gateway">
          <a href="/">Contact gateway</a> <a href="/docs">Documentation</a> <a href="/docs/errors">Error codes</a>
          <a href="/graphql">GraphiQL</a>
        </nav>
        <main id="reference"></main>
      </body>
    </html>`
}
