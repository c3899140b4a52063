import { html } from 'hono/html'
import type { HttpSettings } from '../settings.ts'
import { page } from './page.ts'

/** The start page: what runs here, and links to everything. */
export function landingPage(origin: string, demoKey: string | null, settings: Pick<HttpSettings, 'console' | 'graphiql' | 'docs'>) {
  const key = demoKey ?? 'YOUR_API_KEY'
  const links = [
    settings.console && ['/console/', 'Console', 'Contacts, their history, and what to do next.'],
    settings.graphiql && ['/graphql', 'GraphiQL', 'Explore the schema and run queries in the browser.'],
    settings.docs && ['/docs', 'Documentation', 'Guides, configuration and operation, with search.'],
    settings.docs && ['/docs/rest', 'REST reference', 'Every route with its parameters, responses and samples.'],
    settings.docs && ['/docs/errors', 'Error codes', 'Every code, when it occurs and what to do.'],
    ['/schema.graphql', 'GraphQL schema', 'The schema in the schema definition language.'],
    ['/api/v1/openapi.json', 'OpenAPI 3.1', 'The REST routes, for code generators.'],
    ['/health', 'Health', 'The process is up.'],
    ['/ready', 'Ready', 'The database responds and is migrated.'],
  ].filter((link) => link !== false)
  return page(
    'Contact gateway',
    html`<h1>Contact gateway</h1>
      <p class="lead">
        A GraphQL schema over your contacts, and the REST routes that existing integrations call. Both APIs apply the same rules and return
        the same data.
      </p>
      <ul class="cards">
        ${links.map(
          ([href, title, text]) =>
            html`<li>
              <a href="${href}"><strong>${title}</strong><span>${text}</span></a>
            </li>`,
        )}
      </ul>
      <h2>List contacts with REST</h2>
      <pre tabindex="0">
curl '${origin}/api/v1/contacts?limit=3' \\
  -H 'X-API-Key: ${key}'</pre>
      <h2>List contacts with GraphQL</h2>
      <pre tabindex="0">
curl '${origin}/graphql' \\
  -H 'X-API-Key: ${key}' \\
  -H 'Content-Type: application/json' \\
  -d '{"query": "{ contacts(first: 3) { nodes { displayName phone notes(first: 1) { nodes { body } } } } }"}'</pre>
      ${
        demoKey === null
          ? html`<p>Every request needs an API key. An operator creates one with <code>node dist/cli.js keys create</code>.</p>`
          : html`<p>This server runs the demo organization. The key above has access to the demo organization only.</p>`
      }`,
  )
}
