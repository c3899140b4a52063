import { basename } from 'node:path'
import { type Context, Hono } from 'hono'
import { html, raw } from 'hono/html'
import type { HttpEnv } from '../request-context.ts'
import { exampleTabs } from './graphiql-examples.ts'
import { hashedName } from './hashed-name.ts'
import { readSite, readSiteAsset } from './site.ts'

const types = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' }

interface Asset {
  /** Contains a hash of the content. */
  readonly name: string
  readonly content: string | Uint8Array<ArrayBuffer>
}

/** GraphiQL at `/graphql` for browsers. It is nine megabytes, so its script is an asset that browsers keep. */
export function graphiqlPages(demoKeyFor: (c: Context<HttpEnv>) => string | null): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>({ strict: false })
  let loading: ReturnType<typeof readAssets> | undefined
  app.get('/graphql/assets/:name', async (c, next) => {
    const asset = (await (loading ??= readAssets())).find(({ name }) => name === c.req.param('name'))
    if (asset === undefined) return next()
    const type = asset.name.endsWith('.css') ? types.css : types.js
    return c.body(asset.content, 200, { 'Content-Type': type, 'Cache-Control': 'public, max-age=31536000, immutable' })
  })
  app.get('/graphql', async (c, next) => {
    if (!(c.req.header('accept') ?? '').includes('text/html')) return next()
    return c.html(graphiqlPage(await (loading ??= readAssets()), demoKeyFor(c)))
  })
  return app
}

/** The script and style of GraphiQL, which its package has as one document, and those of our own page around it. */
async function readAssets(): Promise<readonly Asset[]> {
  const [{ renderGraphiQL }, site] = await Promise.all([import('@graphql-yoga/render-graphiql'), readSite()])
  const document = renderGraphiQL({})
  const style = /<style>([\s\S]*?)<\/style>/.exec(document)?.[1] ?? ''
  const script = document.slice(document.indexOf('<script>') + '<script>'.length, document.lastIndexOf('YogaGraphiQL.renderYogaGraphiQL('))
  const own = await Promise.all(
    [site?.graphiqlStyle, site?.graphiqlScript].map(async (path) => {
      const name = basename(path ?? '')
      return { name, content: new Uint8Array((await readSiteAsset(name)) ?? []) }
    }),
  )
  const editorScript = withHistory(script)
  const editor = [
    { name: hashedName('graphiql-editor.css', style), content: style },
    { name: hashedName('graphiql-editor.js', editorScript), content: editorScript },
  ]
  return [...editor, ...own]
}

/** The script has GraphiQL's history in it, but lists only another plugin for its page. */
function withHistory(script: string): string {
  const name = /const ([\w$]+)=\{title:"History",icon:/.exec(script)?.[1]
  return name === undefined ? script : script.replace('shouldPersistHeaders:!0,plugins:[', (found) => `${found}${name},`)
}

function graphiqlPage(assets: readonly Asset[], demoKey: string | null) {
  const paths = assets.map(({ name }) => `/graphql/assets/${name}`)
  const options = {
    title: 'Contact gateway',
    defaultTabs: exampleTabs(demoKey),
    defaultEditorToolsVisibility: false,
    shouldPersistHeaders: false,
  }
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="demo-key" content="${demoKey ?? ''}" />
        <title>GraphiQL · Contact gateway</title>
        <link rel="icon" href="data:," />
        ${paths.filter((path) => path.endsWith('.css')).map((path) => html`<link rel="stylesheet" href="${path}" />`)}
      </head>
      <body id="body" class="no-focus-outline">
        <header class="gateway">
          <nav aria-label="Contact gateway"><a href="/">Contact gateway</a> <a href="/docs">Documentation</a></nav>
          <form id="key-form">
            <label for="key">API key</label>
            <input id="key" type="password" autocomplete="off" placeholder="dv_live_sk_…" required />
            <button>Use</button>
            <output id="key-state"></output>
          </form>
        </header>
        <div id="root"></div>
        <script type="application/json" id="options">
          ${raw(JSON.stringify(options).replaceAll('<', String.raw`\u003c`))}
        </script>
        ${paths.filter((path) => path.endsWith('.js')).map((path) => html`<script src="${path}" defer></script>`)}
      </body>
    </html>`
}
