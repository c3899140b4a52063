// Renders README, CHANGELOG and docs/**/*.md for the pages at /docs. It runs at build time, so that a start loads no renderer.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { Marked } from 'marked'
import { getHeadingList, gfmHeadingId } from 'marked-gfm-heading-id'

/** The order of the side bar. Pages of a folder that are not named here follow in alphabetical order. */
const sections = [
  { title: 'Start', files: ['README.md', 'docs/guide/clients.md'] },
  {
    title: 'Guide',
    folder: 'docs/guide',
    files: ['authentication', 'pagination', 'errors', 'idempotency', 'rate-limits', 'search', 'activities'].map(
      (name) => `docs/guide/${name}.md`,
    ),
  },
  {
    title: 'Operation',
    files: ['configuration', 'production', 'guide/command-line', 'scaling', 'benchmarks'].map((name) => `docs/${name}.md`),
  },
  { title: 'Project', folder: 'docs', files: ['docs/compatibility.md', 'CHANGELOG.md', 'docs/architecture.md'] },
  { title: 'Decisions', folder: 'docs/decisions', files: [] },
]

/** The path of a page below `/docs`: empty for the README, else without `.md`. */
function pathOf(file) {
  if (file === 'README.md') return ''
  return file
    .replace(/^docs\//, '')
    .replace(/\.md$/, '')
    .toLowerCase()
}

function markdownIn(root, folder) {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .toSorted()
    .map((name) => `${folder}/${name}`)
}

/** Every page in the order of the side bar, and the images that they show. */
export function renderPages(root) {
  const named = new Set(sections.flatMap(({ files }) => files))
  const listed = sections.flatMap(({ title, folder, files }) => {
    const rest = folder === undefined ? [] : markdownIn(root, folder).filter((file) => !named.has(file))
    return [...files, ...rest].map((file) => ({ file, section: title }))
  })
  const files = new Set(listed.map(({ file }) => file))
  const images = new Set()
  const pages = listed.map(({ file, section }) => renderPage(root, file, section, { files, images }))
  return { pages, images: [...images] }
}

function renderPage(root, file, section, { files, images }) {
  const markdown = readFileSync(join(root, file), 'utf8')
  const path = pathOf(file)
  const marked = new Marked(gfmHeadingId(), {
    renderer: {
      link({ href, tokens }) {
        const text = this.parser.parseInline(tokens)
        const target = linkTarget(file, href, files)
        return target === null ? text : `<a href="${target}">${text}</a>`
      },
      image({ href, text }) {
        const image = posix.join(dirname(file), href)
        images.add(image)
        return `<img src="image:${image}" alt="${text}" loading="lazy">`
      },
      // A box that scrolls can be reached by the keyboard.
      code({ text, lang }) {
        return `<pre tabindex="0"${lang ? ` data-language="${lang}"` : ''}><code>${escaped(text)}</code></pre>\n`
      },
      table(token) {
        const cells = (row, tag) => `<tr>${row.map((cell) => `<${tag}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join('')}</tr>`
        const name = token.header.map(({ text }) => text).join(', ')
        return `<div class="table" role="region" aria-label="${escaped(name.replaceAll('`', ''))}" tabindex="0"><table><thead>${cells(token.header, 'th')}</thead><tbody>${token.rows.map((row) => cells(row, 'td')).join('')}</tbody></table></div>\n`
      },
    },
  })
  const html = marked.parse(markdown)
  const headings = getHeadingList()
  return { path, file, section, title: plain(headings[0]?.raw ?? file), html, markdown, parts: partsOf(markdown, headings) }
}

/** Where a link of a page leads on the site; null for a file of the repository that the site does not have. */
function linkTarget(file, href, files) {
  if (/^(?:[a-z]+:|#|\/)/i.test(href)) return href
  const [target = '', anchor] = href.split('#')
  const named = posix.join(dirname(file), target).replace(/\/$/, '')
  const hash = anchor === undefined ? '' : `#${anchor}`
  if (files.has(named)) return `/docs${pathOf(named) === '' ? '' : `/${pathOf(named)}`}${hash}`
  const first = [...files].find((each) => each.startsWith(`${named}/`))
  return first === undefined ? null : `/docs/${pathOf(first)}`
}

/** What can be searched: one entry a heading, with the text below it. */
function partsOf(markdown, headings) {
  const texts = markdown.split(/^#{1,6} .*$/m).slice(1)
  return headings.map(({ id, raw }, index) => ({ id, heading: plain(raw), text: plain(texts[index] ?? '') }))
}

function plain(markdown) {
  return markdown
    .replace(/^```.*$/gm, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*_|#]|-{3,}/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
