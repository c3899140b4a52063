// Starts Swagger UI on the REST reference: the key of the demo is filled in, and each operation has samples of code.
/* global SwaggerUIBundle */

const dark = window.matchMedia('(prefers-color-scheme: dark)')
const applyTheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
dark.addEventListener('change', applyTheme)
applyTheme()

/** Shows `x-codeSamples` of an operation, one language at a time. */
function samplesPlugin({ React }) {
  const element = React.createElement
  function Samples({ samples }) {
    const [selected, select] = React.useState(0)
    const source = samples[selected].source.replaceAll('{origin}', window.location.origin)
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
    wrapComponents: {
      OperationExt: () => (props) => {
        const samples = props.extensions?.get('x-codeSamples')?.toJS() ?? []
        return samples.length === 0 ? null : element(Samples, { samples })
      },
    },
  }
}

const key = document.querySelector('meta[name="demo-key"]').content
const reference = SwaggerUIBundle({
  url: '/api/v1/openapi.json',
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
