import { html } from 'hono/html'
import { page } from './page.ts'

/** The start page: what runs here, and links to everything. */
export function landingPage(origin: string, demoKey: string | null, hasConsole: boolean) {
  const key = demoKey ?? 'YOUR_API_KEY'
  return page(
    'Contact gateway',
    html`<h1>Contact gateway</h1>
      <p class="lead">
        One GraphQL schema over your contacts, and the REST routes that existing integrations already call. Both APIs give the same answers
        by the same rules.
      </p>
      <ul class="cards">
        ${
          hasConsole
            ? html`<li>
                <a href="/console/"><strong>Console</strong><span>See contacts, what happened, and what to do next.</span></a>
              </li>`
            : ''
        }
        <li>
          <a href="/graphql"><strong>GraphiQL</strong><span>Explore the schema and run queries in the browser.</span></a>
        </li>
        <li>
          <a href="/docs"><strong>REST reference</strong><span>Every route, with its parameters and answers.</span></a>
        </li>
        <li>
          <a href="/docs/errors"><strong>Errors</strong><span>Every code, when you meet it and what to do.</span></a>
        </li>
        <li>
          <a href="/api/v1/openapi.json"><strong>OpenAPI 3.1</strong><span>The REST routes for programs.</span></a>
        </li>
        <li>
          <a href="/health"><strong>Health</strong><span>The process is up.</span></a>
        </li>
        <li>
          <a href="/ready"><strong>Ready</strong><span>The database answers and is up to date.</span></a>
        </li>
      </ul>
      <h2>Ask for contacts</h2>
      <pre>
curl '${origin}/api/v1/contacts?limit=3' \\
  -H 'X-API-Key: ${key}'</pre>
      <pre>
curl '${origin}/graphql' \\
  -H 'X-API-Key: ${key}' -H 'Content-Type: application/json' \\
  -d '{"query":"{ contacts(first: 3) { nodes { displayName phone notes(first: 1) { nodes { body } } } } }"}'</pre>
      ${
        demoKey === null
          ? html`<p>Every call needs an API key. The operator creates one with <code>npm run cli -- keys create</code>.</p>`
          : html`<p>This is the demo organization, and the key above is its own: it opens nothing else.</p>`
      }`,
  )
}
