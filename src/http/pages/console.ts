import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Context, Hono } from 'hono'
import { packageRoot } from '../../kernel/package-root.ts'
import { encodingFor } from '../compression.ts'
import type { HttpEnv } from '../request-context.ts'

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  map: 'application/json',
}

/** The console: one page for every path below `/console`, and its assets, whose names contain a hash of their content. */
export function consolePages(demoKeyFor: (c: Context<HttpEnv>) => string | null): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  const folder = join(packageRoot(), 'dist', 'console')
  app.get('/assets/:name{[A-Za-z0-9._-]+}', async (c, next) => {
    const name = c.req.param('name')
    const type = types[name.split('.').at(-1) ?? '']
    if (type === undefined) return next()
    const headers = { 'Content-Type': type, 'Cache-Control': 'public, max-age=31536000, immutable' }
    if (encodingFor(c.req.header('accept-encoding')) === 'br') {
      const compressed = await readFile(join(folder, 'compressed', `${name}.br`)).catch(() => null)
      if (compressed !== null) return c.body(new Uint8Array(compressed), 200, { ...headers, 'Content-Encoding': 'br' })
    }
    const content = await readFile(join(folder, 'assets', name)).catch(() => null)
    return content === null ? next() : c.body(new Uint8Array(content), 200, headers)
  })
  app.get('*', async (c, next) => {
    if (c.req.path.startsWith('/console/assets/')) return next()
    const html = await readFile(join(folder, 'index.html'), 'utf8').catch(() => null)
    if (html === null) return next()
    const key = demoKeyFor(c)
    // The page may contain the demo's key, so no cache keeps it.
    c.header('Cache-Control', 'no-store')
    return c.html(key === null ? html : html.replace('name="demo-key" content=""', `name="demo-key" content="${key}"`))
  })
  return app
}
