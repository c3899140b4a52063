import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Hono } from 'hono'
import { html, raw } from 'hono/html'
import { errorCodes } from '../../kernel/errors.ts'
import type { HttpEnv } from '../request-context.ts'
import { meanings } from '../error-catalog.ts'
import { page } from './page.ts'

const assets: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
}

/** The API reference and the list of errors, from our own files: nothing comes from elsewhere. */
export function docsPages(): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  app.get('/', (c) => c.html(referencePage(c.get('secureHeadersNonce') ?? '')))
  app.get('/errors', (c) => c.html(errorsPage()))
  app.get('/assets/:name', async (c, next) => {
    const type = assets[c.req.param('name')]
    if (type === undefined) return next()
    const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
    const content = await readFile(join(folder, c.req.param('name')), 'utf8')
    return c.body(content, 200, { 'Content-Type': type, 'Cache-Control': 'public, max-age=86400' })
  })
  return app
}

function referencePage(nonce: string) {
  const start = `SwaggerUIBundle({ url: '/api/v1/openapi.json', dom_id: '#reference', deepLinking: true, persistAuthorization: true, tryItOutEnabled: true, defaultModelsExpandDepth: 0 })`
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>REST reference · Contact gateway</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/docs/assets/swagger-ui.css" />
      </head>
      <body style="margin: 0">
        <div id="reference"></div>
        <script src="/docs/assets/swagger-ui-bundle.js"></script>
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
