// The search of the documentation, the menu on narrow screens, and a button that copies an example.
import MiniSearch from 'minisearch'

const input = document.querySelector('#site-search')
const results = document.querySelector('#site-results')
const state = document.querySelector('#site-search-state')

/** The search index. It is loaded when the search is used for the first time. */
let loading
function load() {
  loading ??= fetch(input.dataset.index)
    .then((response) => response.json())
    .then((parts) => {
      const index = new MiniSearch({
        fields: ['heading', 'page', 'text'],
        storeFields: ['heading', 'page', 'path', 'text', 'anchor'],
        searchOptions: {
          boost: { heading: 4, page: 2 },
          prefix: true,
          fuzzy: (term) => (term.length > 4 ? 0.2 : false),
          combineWith: 'AND',
        },
      })
      index.addAll(parts.map(({ id, ...part }, number) => ({ ...part, anchor: id, id: number })))
      return index
    })
  return loading
}

function excerptOf({ text, terms }) {
  const at = Math.max(0, text.toLowerCase().indexOf(terms[0] ?? '') - 40)
  return `${at > 0 ? '…' : ''}${text.slice(at, at + 140)}${text.length > at + 140 ? '…' : ''}`
}

function item(found) {
  const link = document.createElement('a')
  link.href = `/docs${found.path === '' ? '' : `/${found.path}`}#${found.anchor}`
  const title = document.createElement('strong')
  title.textContent = found.heading === found.page ? found.page : `${found.page} › ${found.heading}`
  const excerpt = document.createElement('span')
  excerpt.textContent = excerptOf(found)
  link.append(title, excerpt)
  const element = document.createElement('li')
  element.append(link)
  return element
}

async function search() {
  const words = input.value.trim()
  if (words === '') {
    results.replaceChildren()
    state.textContent = ''
    return
  }
  const found = (await load()).search(words).slice(0, 8)
  if (input.value.trim() !== words) return
  results.replaceChildren(...found.map(item))
  state.textContent = found.length === 0 ? `No results for “${words}”.` : `${found.length} results`
}

input.addEventListener('focus', () => void load())
input.addEventListener('input', () => void search())
input.addEventListener('keydown', (event) => {
  if (event.key === 'Enter') results.querySelector('a')?.click()
  if (event.key !== 'Escape') return
  input.value = ''
  void search()
})
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.target.closest('input, textarea')) return
  event.preventDefault()
  input.focus()
})

async function copy(button, text) {
  await navigator.clipboard.writeText(text)
  button.textContent = 'Copied'
  setTimeout(() => (button.textContent = 'Copy'), 1500)
}

const menu = document.querySelector('#site-menu')
if (window.matchMedia('(max-width: 60rem)').matches) menu.removeAttribute('open')

for (const pre of document.querySelectorAll('article pre')) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'copy'
  button.textContent = 'Copy'
  button.addEventListener('click', () => void copy(button, pre.querySelector('code').textContent))
  const box = document.createElement('div')
  box.className = 'example'
  pre.replaceWith(box)
  box.append(pre, button)
}
