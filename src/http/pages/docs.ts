import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Hono } from 'hono'
import { html, raw } from 'hono/html'
import { errorCodes } from '../../kernel/errors.ts'
import type { HttpEnv } from '../request-context.ts'
import { meanings } from '../error-catalog.ts'
import { page } from './page.ts'

const assetTypes = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
} as const
type AssetName = keyof typeof assetTypes

interface Asset {
  /** With a hash of its content in it, so that what has this name never changes. */
  readonly name: string
  readonly type: string
  readonly content: string
}

/** Reads the files of the reference, and names them by their content. */
async function readAssets(): Promise<Record<AssetName, Asset>> {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  const read = async (file: AssetName): Promise<Asset> => {
    const content = await readFile(join(folder, file), 'utf8')
    const hash = createHash('sha256').update(content).digest('hex').slice(0, 16)
    return { name: file.replace(/\.(?=\w+$)/, `.${hash}.`), type: assetTypes[file], content }
  }
  const [css, script] = await Promise.all([read('swagger-ui.css'), read('swagger-ui-bundle.js')])
  return { 'swagger-ui.css': css, 'swagger-ui-bundle.js': script }
}

/** The API reference and the list of errors, from our own files: nothing comes from elsewhere. */
export function docsPages(): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  // Read when a page needs them: they are large, and most processes never show one.
  let assets: ReturnType<typeof readAssets> | undefined
  app.get('/', async (c) => c.html(referencePage(c.get('secureHeadersNonce') ?? '', await (assets ??= readAssets()))))
  app.get('/errors', (c) => c.html(errorsPage()))
  app.get('/assets/:name', async (c, next) => {
    const asset = Object.values(await (assets ??= readAssets())).find(({ name }) => name === c.req.param('name'))
    if (asset === undefined) return next()
    return c.body(asset.content, 200, { 'Content-Type': asset.type, 'Cache-Control': 'public, max-age=31536000, immutable' })
  })
  return app
}

function referencePage(nonce: string, assets: Record<AssetName, Asset>) {
  const start = `SwaggerUIBundle({ url: '/api/v1/openapi.json', dom_id: '#reference', deepLinking: true, persistAuthorization: true, tryItOutEnabled: true, defaultModelsExpandDepth: 0 })`
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>REST reference · Contact gateway</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/docs/assets/${assets['swagger-ui.css'].name}" />
      </head>
      <body style="margin: 0">
        <div id="reference"></div>
        <script src="/docs/assets/${assets['swagger-ui-bundle.js'].name}"></script>
        <script nonce="${nonce}">
          ${raw(start)}
        </script>
      </body>
    </html>`
}

function errorsPage() {
  const rows = errorCodes.map((code) => {
    const { status, when, remedy } = meanings[code]
    return html`<tr id="${code}">
      <td><code>${code}</code></td>
      <td>${code === 'VALIDATION_ERROR' ? '400, 422' : status}</td>
      <td>${when}<br />${remedy}</td>
    </tr>`
  })
  return page(
    'Errors · Contact gateway',
    html`<h1>Errors</h1>
      <p class="lead">
        REST answers with <code>error.code</code> and this status. GraphQL has the same codes in <code>extensions.code</code> of query
        errors, and in <code>code</code> of the typed refusals that mutations answer with.
      </p>
      <table>
        <thead>
          <tr>
            <th>Code</th>
            <th>Status</th>
            <th>When, and what to do</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
      <p><a href="/">Back to the start</a></p>`,
  )
}
