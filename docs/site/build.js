// Writes dist/docs: the rendered pages and the assets of the site, whose names contain a hash of their content.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { buildSync } from 'esbuild'
import { renderPages } from './render.js'

export function buildDocs(root) {
  const folder = join(root, 'dist', 'docs')
  const assets = join(folder, 'assets')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(assets, { recursive: true })

  function write(name, content) {
    const hash = createHash('sha256').update(content).digest('hex').slice(0, 16)
    const extension = extname(name)
    const file = `${basename(name, extension)}.${hash}${extension}`
    writeFileSync(join(assets, file), content)
    return `/docs/assets/${file}`
  }

  const { pages, images } = renderPages(root)
  const parts = pages.flatMap(({ path, title, parts }) => parts.map((part) => ({ page: title, path, ...part })))
  const index = write('search.json', JSON.stringify(parts))
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: ['site.js', 'site.css', 'reference.js', 'reference.css', 'graphiql.js', 'graphiql.css'].map((name) => `docs/site/${name}`),
    outdir: 'dist',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'warning',
  })
  const made = Object.fromEntries(outputFiles.map(({ path, contents }) => [basename(path), write(basename(path), contents)]))
  const sources = new Map(images.map((image) => [image, write(basename(image), readFileSync(join(root, image)))]))
  const site = {
    style: made['site.css'],
    script: made['site.js'],
    graphiqlStyle: made['graphiql.css'],
    graphiqlScript: made['graphiql.js'],
    referenceStyle: made['reference.css'],
    referenceScript: made['reference.js'],
    index,
    pages: pages.map(({ path, section, title, html, markdown }) => ({
      path,
      section,
      title,
      html: html.replace(/src="image:([^"]+)"/g, (_, image) => `src="${sources.get(image)}"`),
      markdown,
    })),
  }
  writeFileSync(join(folder, 'site.json'), JSON.stringify(site))
}
