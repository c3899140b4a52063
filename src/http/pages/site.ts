import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import { packageRoot } from '../../kernel/package-root.ts'

/** A page of the documentation. */
export interface SitePage {
  /** The path below `/docs`; empty for the first page. */
  readonly path: string
  /** The group of the side bar that it is listed in. */
  readonly section: string
  readonly title: string
  readonly html: string
  readonly markdown: string
}

/** The documentation, as `docs/site/build.js` writes it into dist/docs. */
export interface Site {
  /** The paths of the assets. */
  readonly style: string
  readonly script: string
  readonly index: string
  readonly graphiqlStyle: string
  readonly graphiqlScript: string
  readonly referenceStyle: string
  readonly referenceScript: string
  readonly pages: readonly SitePage[]
}

const folder = join(packageRoot(), 'dist', 'docs')

/** The documentation; null if it was not built. */
export async function readSite(): Promise<Site | null> {
  const text = await readFile(join(folder, 'site.json'), 'utf8').catch(() => null)
  // proof: the build writes it
  return text === null ? null : (JSON.parse(text) as Site)
}

/** An asset of the documentation by its name; null if there is none. */
export function readSiteAsset(name: string): Promise<Buffer | null> {
  return readFile(join(folder, 'assets', name)).catch(() => null)
}

/** The pages of the side bar that are not written in Markdown. */
const references = [
  { path: 'rest', title: 'REST reference' },
  { path: 'errors', title: 'Error codes' },
]

/** The side bar lists the references after the guide. */
function groupsOf({ pages }: Site): { title: string; links: { href: string; title: string }[] }[] {
  const names = [...new Set(pages.map(({ section }) => section))]
  const groups = names.map((title) => ({
    title,
    links: pages
      .filter(({ section }) => section === title)
      .map((page) => ({ href: hrefOf(page.path), title: page.path === '' ? 'Overview' : page.title })),
  }))
  const links = [
    ...references.map(({ path, title }) => ({ href: hrefOf(path), title })),
    { href: '/schema.graphql', title: 'GraphQL schema' },
    { href: '/api/v1/openapi.json', title: 'OpenAPI document' },
  ]
  const guide = groups.findIndex(({ title }) => title === 'Guide')
  return groups.toSpliced(guide + 1, 0, { title: 'Reference', links })
}

export function hrefOf(path: string): string {
  return path === '' ? '/docs' : `/docs/${path}`
}

/** The documentation as a list for language models (llmstxt.org). */
export function llmsText(site: Site, origin: string): string {
  const lists = groupsOf(site).map(({ title, links }) => {
    const lines = links.map((link) => `- [${link.title}](${origin}${markdownHref(link.href)})`)
    return `## ${title}\n\n${lines.join('\n')}\n`
  })
  return [
    '# Contact gateway\n',
    '> A GraphQL and REST API over the contacts of an organization: notes, timeline, journey, consent, frequency caps, imports and next best action.\n',
    ...lists,
  ].join('\n')
}

/** Where the Markdown of a page is; the path itself for what is not a page. */
function markdownHref(href: string): string {
  if (!href.startsWith('/docs') || href === '/docs/rest') return href
  return href === '/docs' ? '/docs/index.md' : `${href}.md`
}

interface Frame {
  readonly path: string
  readonly title: string
  readonly content: HtmlEscapedString | Promise<HtmlEscapedString>
}

/** A page of the documentation with its side bar and search. */
export function framed(site: Site, { path, title, content }: Frame) {
  const here = hrefOf(path)
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${path === '' ? title : `${title} · Contact gateway`}</title>
        <link rel="icon" href="data:," />
        <link rel="alternate" type="text/markdown" href="${markdownHref(here)}" />
        <link rel="stylesheet" href="${site.style}" />
        <script type="module" src="${site.script}"></script>
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        <div class="site">
          <header class="side">
            <a class="home" href="/">Contact gateway</a>
            <search>
              <input
                id="site-search"
                type="search"
                placeholder="Search (press /)"
                aria-label="Search the documentation"
                data-index="${site.index}"
              />
              <p id="site-search-state" role="status"></p>
              <ul id="site-results" aria-label="Search results"></ul>
            </search>
            <details id="site-menu" open>
              <summary>Contents</summary>
              <nav aria-label="Documentation">
                ${groupsOf(site).map(
                  (group) =>
                    html`<h2>${group.title}</h2>
                      <ul>
                        ${group.links.map(
                          (link) =>
                            html`<li><a href="${link.href}" ${link.href === here ? raw('aria-current="page"') : ''}>${link.title}</a></li>`,
                        )}
                      </ul>`,
                )}
              </nav>
            </details>
          </header>
          <main class="content" id="content">
            <article>${content}</article>
            <footer class="foot"><a href="/">Back to the start page</a><a href="${markdownHref(here)}">This page as Markdown</a></footer>
          </main>
        </div>
      </body>
    </html>`
}
