import { type Context, Hono } from 'hono'
import { raw } from 'hono/html'
import type { HttpEnv } from '../request-context.ts'
import { errorsContent, errorsMarkdown } from './errors.ts'
import { readReferenceAssets, referencePage } from './reference.ts'
import { framed, llmsText, readSite, readSiteAsset, type Site } from './site.ts'

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml',
}
const markdown = { 'Content-Type': 'text/markdown; charset=utf-8' }
const immutable = 'public, max-age=31536000, immutable'

/** The documentation, the REST reference and the list of errors, from files of this package. */
export function docsPages(demoKeyFor: (c: Context<HttpEnv>) => string | null): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  // Read when a page needs them: most processes never show one.
  let site: Promise<Site | null> | undefined
  let reference: ReturnType<typeof readReferenceAssets> | undefined
  const load = () => (site ??= readSite())

  app.get('/llms.txt', async (c, next) => {
    const pages = await load()
    return pages === null ? next() : c.text(llmsText(pages, new URL(c.req.url).origin))
  })
  app.get('/docs/rest', async (c, next) => {
    const pages = await load()
    if (pages === null) return next()
    const key = demoKeyFor(c)
    // The page contains the key of the demo, so no cache may keep it.
    if (key !== null) c.header('Cache-Control', 'no-store')
    return c.html(referencePage(pages, await (reference ??= readReferenceAssets()), key))
  })
  app.get('/docs/errors.md', (c) => c.body(errorsMarkdown(), 200, markdown))
  app.get('/docs/errors', async (c, next) => {
    const pages = await load()
    return pages === null ? next() : c.html(framed(pages, { path: 'errors', title: 'Error codes', content: errorsContent() }))
  })
  app.get('/docs/assets/:name{[A-Za-z0-9._-]+}', async (c, next) => {
    const name = c.req.param('name')
    const own = Object.values(await (reference ??= readReferenceAssets())).find((asset) => asset.name === name)
    const content = own?.content ?? (await readSiteAsset(name))
    const type = types[name.split('.').at(-1) ?? '']
    if (content === null || type === undefined) return next()
    return c.body(typeof content === 'string' ? content : new Uint8Array(content), 200, {
      'Content-Type': type,
      'Cache-Control': immutable,
    })
  })
  app.get('/docs/:path{.+}?', async (c, next) => {
    const pages = await load()
    const asked = (c.req.param('path') ?? '').replace(/\/$/, '')
    const wanted = asked.replace(/\.md$/, '').replace(/^index$/, '')
    const page = pages?.pages.find(({ path }) => path === wanted)
    if (pages === null || page === undefined) return next()
    if (asked.endsWith('.md')) return c.body(page.markdown, 200, markdown)
    return c.html(framed(pages, { path: page.path, title: page.title, content: raw(page.html) }))
  })
  return app
}
