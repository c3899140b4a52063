import { html } from 'hono/html'
import { errorCodes } from '../../kernel/errors.ts'
import { meanings } from '../error-catalog.ts'

const introduction =
  'REST responses have the code in `error.code`, with this status. GraphQL responses have the same codes in `extensions.code` of errors, and in `code` of the typed refusals of mutations.'

const rows = errorCodes.map((code) => {
  const { status, when, remedy } = meanings[code]
  const statuses = { VALIDATION_ERROR: '400, 422', REVISION_CONFLICT: '409, 412' }[code as string] ?? String(status)
  return { code, statuses, when, remedy }
})

/** The list of errors: every code can be linked to as `/docs/errors#CODE`. */
export function errorsContent() {
  return html`<h1>Error codes</h1>
    <p>
      REST responses have the code in <code>error.code</code>, with this status. GraphQL responses have the same codes in
      <code>extensions.code</code> of errors, and in <code>code</code> of the typed refusals of mutations.
    </p>
    <div class="table" role="region" aria-label="Error codes" tabindex="0">
      <table>
        <thead>
          <tr>
            <th>Code</th>
            <th>Status</th>
            <th>When, and what to do</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ code, statuses, when, remedy }) =>
              html`<tr id="${code}">
                <td><code>${code}</code></td>
                <td>${statuses}</td>
                <td>${when}<br />${remedy}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`
}

/** The same as Markdown. */
export function errorsMarkdown(): string {
  const lines = rows.map(({ code, statuses, when, remedy }) => `| \`${code}\` | ${statuses} | ${when} ${remedy} |`)
  return ['# Error codes', '', introduction, '', '| code | status | when, and what to do |', '| --- | --- | --- |', ...lines, ''].join('\n')
}
