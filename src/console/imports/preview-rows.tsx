import { Table } from '../shared/table.tsx'
import { channelName, valueText, words } from '../shared/format.ts'
import { text } from '../shared/text.ts'
import type { Preview, PreviewRow } from './upload.ts'

const shown = ['display_name', 'email', 'phone', 'company', 'country_code', 'tags'] as const

/** The first rows as an import would apply them, and what is wrong with those that it would skip. */
export function PreviewRows({ preview }: { readonly preview: Preview }) {
  const general = preview.warnings.filter(({ column }) => column === null)
  return (
    <>
      <Counts counts={preview} total={preview.total_rows} />
      {preview.reasons.length > 0 && <Reasons reasons={preview.reasons} />}
      {general.map(({ code, message }) => (
        <p key={code + message} className="warning">
          {message}
        </p>
      ))}
      <Table
        columns={[text.imports.row, text.imports.outcome, ...shown.map((field) => text.imports.targetNames[field])]}
        caption={text.imports.firstRows(preview.rows.length)}
      >
        {preview.rows.map(({ row_number, outcome, contact, opt_outs, reason }) => (
          <tr key={row_number}>
            <td className="number">{row_number}</td>
            <td>
              {words(outcome)}
              {reason !== null && (
                <p className="warning">
                  {reason.field !== null && `${reason.field}: `}
                  {reason.message}
                </p>
              )}
              {opt_outs.length > 0 && (
                <p className="soft">
                  {text.imports.optsOut} {opt_outs.map((channel) => channelName(channel.toUpperCase())).join(', ')}
                </p>
              )}
            </td>
            {shown.map((field) => (
              <td key={field} className="break">
                {field === 'display_name' ? nameOf(contact) : valueText(contact?.[field])}
                <Further contact={contact} field={field} />
              </td>
            ))}
          </tr>
        ))}
      </Table>
    </>
  )
}

const lists: Readonly<Record<string, string>> = { email: 'email_addresses', phone: 'phone_numbers' }

/** The addresses that the contact would have beside the primary one, each with what it is for. */
function Further({ contact, field }: { readonly contact: PreviewRow['contact']; readonly field: string }) {
  const given = contact?.[lists[field] ?? '']
  const list: readonly unknown[] = Array.isArray(given) ? given : []
  return list.filter(isFurther).map(({ value, extension, label }) => (
    <p key={value + (extension ?? '')} className="soft">
      {value}
      {typeof extension === 'string' && ` ${text.edit.extensionHint} ${extension}`}
      {label !== null && ` (${label})`}
    </p>
  ))
}

interface Address {
  readonly value: string
  readonly extension?: string | null
  readonly label: string | null
}

function isFurther(item: unknown): item is Address {
  return typeof item === 'object' && item !== null && 'is_primary' in item && item.is_primary === false
}

/** The name that is stored, else the parts that it is made of. */
function nameOf(contact: PreviewRow['contact']): string {
  const given = valueText(contact?.['display_name'])
  return given === '' ? [contact?.['first_name'], contact?.['last_name']].map(valueText).join(' ').trim() : given
}

interface CountsProps {
  readonly counts: { readonly created: number; readonly updated: number; readonly unchanged: number; readonly skipped: number }
  readonly total: number
}

/** The four counts, which add up to the rows of the file. */
export function Counts({ counts, total }: CountsProps) {
  return (
    <dl className="counts">
      {(['created', 'updated', 'unchanged', 'skipped'] as const).map((name) => (
        <div key={name}>
          <dt>{text.imports.counts[name]}</dt>
          <dd className="number">{counts[name].toLocaleString('en')}</dd>
        </div>
      ))}
      <div className="sum">
        <dt>{text.imports.counts.total}</dt>
        <dd className="number">{total.toLocaleString('en')}</dd>
      </div>
    </dl>
  )
}

export function Reasons({ reasons }: { readonly reasons: readonly { readonly code: string; readonly count: number }[] }) {
  return (
    <ul className="plain-list">
      {reasons.map(({ code, count }) => (
        <li key={code}>
          <span className="number">{count.toLocaleString('en')}</span> × <code>{code}</code>
        </li>
      ))}
    </ul>
  )
}
