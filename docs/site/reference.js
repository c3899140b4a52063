// Starts Swagger UI on the REST reference: the key of the demo is filled in, and each operation has samples of code.

const dark = window.matchMedia('(prefers-color-scheme: dark)')
const applyTheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
dark.addEventListener('change', applyTheme)
applyTheme()

/** Shows `x-codeSamples` of an operation, one language at a time. */
function samplesPlugin({ React }) {
  const element = React.createElement
  function Samples({ samples }) {
    const [selected, select] = React.useState(0)
    const source = samples[selected].source
    return element(
      'section',
      { className: 'samples', 'aria-label': 'Samples' },
      element(
        'div',
        { className: 'languages', role: 'group', 'aria-label': 'Language' },
        samples.map(({ label }, index) =>
          element('button', { key: label, type: 'button', 'aria-pressed': index === selected, onClick: () => select(index) }, label),
        ),
      ),
      element('pre', { tabIndex: 0 }, element('code', null, source)),
    )
  }
  return {
    components: {
      // Swagger UI puts a link into a button here, which screen readers cannot announce. The address of an operation is set when it is opened.
      DeepLink: ({ text }) => element('span', null, text),
    },
    wrapComponents: {
      OperationExt: () => (props) => {
        const samples = props.extensions?.get('x-codeSamples')?.toJS() ?? []
        return samples.length === 0 ? null : element(Samples, { samples })
      },
    },
  }
}

/** Adds the names and the keyboard access that Swagger UI leaves out. */
function makeAccessible() {
  for (const row of document.querySelectorAll('tr[data-param-name]'))
    for (const field of row.querySelectorAll('select, input, textarea')) field.setAttribute('aria-label', row.dataset.paramName)
  for (const text of document.querySelectorAll('textarea:not([aria-label])')) text.setAttribute('aria-label', 'Request body')
  for (const select of document.querySelectorAll('select:not([aria-label])')) select.setAttribute('aria-label', 'Choice')
  for (const code of document.querySelectorAll(
    'pre.microlight:not([tabindex]), .headers-wrapper:not([tabindex]), .parameters-container:not([tabindex])',
  ))
    code.setAttribute('tabindex', '0')
}
let isDue = false
new MutationObserver(() => {
  if (isDue) return
  isDue = true
  requestAnimationFrame(() => {
    isDue = false
    makeAccessible()
  })
}).observe(document.querySelector('#reference'), { childList: true, subtree: true })

const key = document.querySelector('meta[name="demo-key"]').content

async function getJson(path) {
  const response = await fetch(path, { headers: key === '' ? {} : { 'X-API-Key': key } })
  return response.ok ? response.json() : { data: [] }
}

/** With the key of the demo, the examples of ids in paths are ids of the demo, so that every route can be executed unchanged. */
async function realIds() {
  if (key === '') return {}
  const base = '/api/v1/contacts'
  const [{ data: contacts }, { data: others }, { data: jobs }, { data: suppressions }] = await Promise.all([
    getJson(`${base}?search=maya+okafor`),
    getJson(`${base}?limit=1`),
    getJson(`${base}/import-jobs`),
    getJson(`${base}/suppressions`),
  ])
  const id = contacts[0]?.id
  const { data: notes } = id === undefined ? { data: [] } : await getJson(`${base}/${id}/notes`)
  return { id, otherId: others[0]?.id, noteId: notes[0]?.id, jobId: jobs[0]?.id, suppressionId: suppressions[0]?.id }
}

/** Puts real ids and the address of this server in the place of the examples. */
function withIds(text, { id, otherId, noteId, suppressionId }, jobId) {
  let result = text.replaceAll('http://127.0.0.1:4000', window.location.origin)
  if (id !== undefined) result = result.replaceAll('con_01jm8xw4r2e5tvq0c9h3kzb7nd', id)
  if (otherId !== undefined) result = result.replaceAll('con_01jm8xw4r2e5tvq0c9h3kzb7ne', otherId)
  if (noteId !== undefined) result = result.replaceAll('note_01jm8xw4r2e5tvq0c9h3kzb7nd', noteId)
  if (jobId !== undefined) result = result.replaceAll('imp_01jm8xw4r2e5tvq0c9h3kzb7nd', jobId)
  if (suppressionId !== undefined) result = result.replaceAll('sup_01jm8xw4r2e5tvq0c9h3kzb7nd', suppressionId)
  return result
}

/** Without the examples of headers that only fit one request: an idempotency key that was used, the revision of another contact. */
function withoutFixedHeaders(document) {
  for (const methods of Object.values(document.paths))
    for (const { parameters = [] } of Object.values(methods))
      for (const { in: where, schema } of parameters) if (where === 'header') delete schema?.example
  return document
}

const [description, ids] = await Promise.all([getJson('/api/v1/openapi.json'), realIds()])
const reference = window.SwaggerUIBundle({
  spec: withoutFixedHeaders(JSON.parse(withIds(JSON.stringify(description), ids, ids.jobId))),
  dom_id: '#reference',
  deepLinking: true,
  tryItOutEnabled: true,
  showExtensions: true,
  defaultModelsExpandDepth: 0,
  defaultModelExpandDepth: 2,
  docExpansion: 'list',
  plugins: [samplesPlugin],
  onComplete() {
    if (key !== '') reference.preauthorizeApiKey('apiKey', key)
  },
})
