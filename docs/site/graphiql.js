// Starts GraphiQL. The API key is asked for once, kept in the session storage of the browser tab, and sent with every request.
const entry = 'contact-gateway-key'
const form = document.querySelector('#key-form')
const input = document.querySelector('#key')
const state = document.querySelector('#key-state')
const demoKey = document.querySelector('meta[name="demo-key"]').content

const currentKey = () => sessionStorage.getItem(entry) ?? demoKey

function showState() {
  const key = currentKey()
  state.textContent = key === '' ? 'Enter a key to run operations.' : `In use: ${key.slice(0, 11)}…${key.slice(-4)}`
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  sessionStorage.setItem(entry, input.value.trim())
  // The schema is read again with the new key.
  window.location.reload()
})
showState()

const send = window.fetch.bind(window)
window.fetch = (resource, options = {}) => {
  const headers = new Headers(options.headers)
  const key = currentKey()
  if (key !== '' && !headers.has('X-API-Key') && !headers.has('Authorization')) headers.set('X-API-Key', key)
  return send(resource, { ...options, headers })
}

// The history keeps operations and variables, but no headers: a key in them does not belong in the local storage.
const withoutHeaders = (text) => JSON.stringify(JSON.parse(text), (name, value) => (name === 'headers' ? undefined : value))
const storage = {
  get length() {
    return window.localStorage.length
  },
  getItem: (name) => window.localStorage.getItem(name),
  setItem: (name, value) => window.localStorage.setItem(name, /(?:queries|favorites)$/.test(name) ? withoutHeaders(value) : value),
  removeItem: (name) => window.localStorage.removeItem(name),
  clear: () => window.localStorage.clear(),
}

const options = { ...JSON.parse(document.querySelector('#options').textContent), storage }
window.YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), options)
