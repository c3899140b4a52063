import { Table } from '../shared/table.tsx'
import { text } from '../shared/text.ts'
import type { Mapped, Preview, UploadOptions } from './upload.ts'

interface ColumnsProps {
  readonly preview: Preview
  readonly columns: UploadOptions['columns']
  readonly onChange: (columns: UploadOptions['columns']) => void
}

/** The fields that a column can become, by group; `custom_attributes` and `external_ids` get the name of the column. */
const targets = [
  ['person', ['first_name', 'last_name', 'display_name', 'company']],
  ['addresses', ['phone', 'phone_extension', 'email']],
  ['facts', ['country_code', 'timezone', 'language', 'lifecycle_stage', 'tags', 'first_seen_at']],
  ['optOuts', ['opt_out.all', 'opt_out.email', 'opt_out.sms', 'opt_out.whatsapp', 'opt_out.voice']],
  ['optIns', ['consent.email', 'consent.sms', 'consent.whatsapp', 'preferences']],
] as const

/** What each column of the file becomes, with samples; what was recognized can be changed. */
export function Columns({ preview, columns, onChange }: ColumnsProps) {
  const change = (name: string, mapped: Mapped | undefined): void => {
    const { [name]: _before, ...others } = columns
    onChange(mapped === undefined ? others : { ...others, [name]: mapped })
  }
  return (
    <Table
      className="file-columns"
      columns={[text.imports.column, text.imports.samples, text.imports.becomes]}
      caption={text.imports.columnsCaption(preview.columns.length, preview.layout)}
    >
      {preview.columns.map(({ name, becomes, samples }) => {
        const warnings = preview.warnings.filter(({ column }) => column === name)
        return (
          <tr key={name}>
            <th scope="row" className="break">
              {name}
            </th>
            <td className="soft break">
              {samples.slice(0, 3).map((sample, index) => (
                // Samples may repeat, and their order does not change.
                // oxlint-disable-next-line react/no-array-index-key
                <div key={index}>{sample}</div>
              ))}
            </td>
            <td>
              <Target
                name={name}
                becomes={becomes}
                mapped={columns[name]}
                others={preview.columns.map((column) => column.name).filter((other) => other !== name)}
                onChange={(mapped) => change(name, mapped)}
              />
              {warnings.map(({ code, count, message }) => (
                <p key={code + message} className="warning">
                  {count !== null && `${text.imports.rowsOf(count, preview.total_rows)}: `}
                  {message}
                </p>
              ))}
            </td>
          </tr>
        )
      })}
    </Table>
  )
}

interface TargetProps {
  readonly name: string
  readonly becomes: string | null
  readonly mapped: Mapped | undefined
  readonly others: readonly string[]
  readonly onChange: (mapped: Mapped | undefined) => void
}

function Target({ name, becomes, mapped, others, onChange }: TargetProps) {
  const { proofColumn, targetGroups, targetNames, leftOut, recognized } = text.imports
  const consent = typeof mapped === 'object' && mapped !== null ? mapped : null
  const value = mapped === undefined ? '' : mapped === null ? 'null' : typeof mapped === 'string' ? mapped : `consent.${mapped.consent}`
  const choose = (chosen: string): void => {
    if (chosen === '') return onChange(undefined)
    if (chosen === 'null') return onChange(null)
    const [kind, channel = ''] = chosen.split('.')
    onChange(kind === 'consent' ? { consent: channel, proof_column: others[0] ?? name } : chosen)
  }
  const own = [`custom_attributes.${keyOf(name)}`, `external_ids.${keyOf(name)}`]
  return (
    <>
      <select aria-label={text.imports.becomesOf(name)} value={value} onChange={({ target }) => choose(target.value)}>
        <option value="">{recognized(mapped === undefined ? nameOf(becomes, targetNames, leftOut) : null)}</option>
        <option value="null">{leftOut}</option>
        {targets.map(([group, fields]) => (
          <optgroup key={group} label={targetGroups[group]}>
            {fields.map((field) => (
              <option key={field} value={field}>
                {targetNames[field]}
              </option>
            ))}
          </optgroup>
        ))}
        <optgroup label={targetGroups.own}>
          {own.map((field) => (
            <option key={field} value={field}>
              {field}
            </option>
          ))}
        </optgroup>
      </select>
      {consent !== null && (
        <label className="soft">
          {proofColumn}{' '}
          <select value={consent.proof_column} onChange={({ target }) => onChange({ ...consent, proof_column: target.value })}>
            {others.map((other) => (
              <option key={other} value={other}>
                {other}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  )
}

function nameOf(becomes: string | null, names: Readonly<Record<string, string>>, leftOut: string): string {
  return becomes === null ? leftOut : (names[becomes] ?? becomes)
}

/** The name of a column as a key: `Kunden-Nr.` → `kunden_nr`. */
function keyOf(name: string): string {
  return (
    name
      .normalize('NFKD')
      .replaceAll(/\p{M}/gu, '')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '_')
      .replaceAll(/^_+|_+$/g, '')
      .slice(0, 40) || 'column'
  )
}
