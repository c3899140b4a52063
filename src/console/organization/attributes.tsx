import { type FormEvent, useState } from 'react'
import { useQuery } from 'urql'
import { Link } from 'wouter'
import {
  ArchiveAttributeDefinitionDocument,
  AttributeDefinitionsDocument,
  CreateAttributeDefinitionDocument,
  EnforceAttributeDefinitionDocument,
  UpdateAttributeDefinitionDocument,
} from '../generated/documents/Attributes.ts'
import type { AttributeType, DefinitionFitFragment } from '../generated/operations.ts'
import { ActionError, useAction } from '../shared/action.tsx'
import { Dialog } from '../shared/dialog.tsx'
import { valueText } from '../shared/format.ts'
import { typed } from '../shared/form.ts'
import { Options } from '../shared/options.tsx'
import { Empty, Failure, Skeleton } from '../shared/states.tsx'
import { Table } from '../shared/table.tsx'
import { TagInput } from '../shared/tag-input.tsx'
import { text } from '../shared/text.ts'

const types: readonly AttributeType[] = ['TEXT', 'NUMBER', 'BOOLEAN', 'DATE', 'DATE_TIME', 'ENUM', 'URL']

/** The definitions of custom attributes, and how the values that contacts have go with them. */
export function Attributes() {
  const [{ data, error, fetching }, refresh] = useQuery({ query: AttributeDefinitionsDocument, requestPolicy: 'cache-and-network' })
  const [edited, setEdited] = useState<DefinitionFitFragment | 'new' | null>(null)
  const names = text.attributes
  const close = (): void => setEdited(null)
  return (
    <section className="panel" aria-labelledby="attributes-heading">
      <h2 id="attributes-heading">{text.organization.tabs.attributes}</h2>
      <p className="soft">{names.meaning}</p>
      {error && <Failure error={error} retry={() => refresh({ requestPolicy: 'network-only' })} />}
      {!data && fetching && <Skeleton lines={4} />}
      {data?.attributeDefinitions.length === 0 && <Empty>{names.empty}</Empty>}
      {data && data.attributeDefinitions.length > 0 && (
        <Table columns={names.columns}>
          {data.attributeDefinitions.map((definition) => (
            <DefinitionRow key={definition.id} definition={definition} onEdit={() => setEdited(definition)} />
          ))}
        </Table>
      )}
      <button type="button" className="primary" onClick={() => setEdited('new')}>
        {names.add}
      </button>
      <Dialog title={edited === 'new' || edited === null ? names.add : edited.label} isOpen={edited !== null} onClose={close}>
        {edited === 'new' && <NewDefinition onSaved={close} />}
        {edited !== 'new' && edited !== null && <EditDefinition definition={edited} onSaved={close} />}
      </Dialog>
    </section>
  )
}

interface DefinitionRowProps {
  readonly definition: DefinitionFitFragment
  readonly onEdit: () => void
}

function DefinitionRow({ definition, onEdit }: DefinitionRowProps) {
  const { id, key, label, type, options, enforced, archived, indexed } = definition
  const enforce = useAction(EnforceAttributeDefinitionDocument)
  const archive = useAction(ArchiveAttributeDefinitionDocument)
  const names = text.attributes
  const isRefused = [enforce, archive].some(({ refused, error }) => refused !== null || error !== undefined)
  return (
    <>
      <tr>
        <td>
          {label} {archived && <span className="badge">{names.archived}</span>}
          {!archived && !indexed && <p className="soft">{names.indexing}</p>}
        </td>
        <td>
          <code>{key}</code>
        </td>
        <td className={options.length > 0 ? 'break' : undefined}>
          {names.types[type]}
          {options.length > 0 && <p className="soft break">{options.join(', ')}</p>}
        </td>
        <td>{!archived && <Fit definition={definition} />}</td>
        <td>
          <input
            type="checkbox"
            aria-label={names.isEnforced(label)}
            checked={enforced}
            disabled={archived || enforce.isBusy}
            onChange={({ target }) => void enforce.run({ input: { id, enforced: target.checked } })}
          />
        </td>
        <td>
          <div className="actions">
            {!archived && (
              <button type="button" aria-label={`${text.organization.edit} ${label}`} onClick={onEdit}>
                {text.organization.edit}
              </button>
            )}
            <button
              type="button"
              className="plain"
              aria-label={`${archived ? names.useAgain : names.archive} ${label}`}
              disabled={archive.isBusy}
              onClick={() => void archive.run({ input: { id, archived: !archived } })}
            >
              {archived ? names.useAgain : names.archive}
            </button>
          </div>
        </td>
      </tr>
      {isRefused && (
        <tr>
          <td colSpan={names.columns.length}>
            <ActionError action={enforce} />
            <ActionError action={archive} />
          </td>
        </tr>
      )}
    </>
  )
}

/** The values that fit, those that do not, and samples of these with the contacts that have them. */
function Fit({ definition }: { readonly definition: DefinitionFitFragment }) {
  const { fitting, notFitting, samples } = definition.fit
  const names = text.attributes
  return (
    <>
      <span className="number">{names.fit(fitting)}</span>
      {notFitting > 0 && (
        <details>
          <summary className="warning">{names.misfit(notFitting)}</summary>
          <ul className="plain-list">
            {samples.map(({ contactId, value }) => (
              <li key={contactId} className="break">
                <Link href={`/contacts/${contactId}`}>{valueText(value)}</Link>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

function NewDefinition({ onSaved }: { readonly onSaved: () => void }) {
  const create = useAction(CreateAttributeDefinitionDocument)
  const [type, setType] = useState<AttributeType>('TEXT')
  const [options, setOptions] = useState<readonly string[]>([])
  const names = text.attributes
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const label = typed(form, 'label')
    const input = {
      key: typed(form, 'key'),
      type,
      ...(label !== '' && { label }),
      ...(type === 'ENUM' && { options: [...options] }),
    }
    if ((await create.run({ input })) !== null) onSaved()
  }
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <label>
        <span>{names.key}</span>
        <input name="key" required />
      </label>
      <label>
        <span>{names.label}</span>
        <input name="label" />
      </label>
      <label>
        <span>{names.type}</span>
        <select value={type} onChange={({ target }) => setType(types.find((name) => name === target.value) ?? 'TEXT')}>
          <Options names={types} label={(name) => names.types[name]} />
        </select>
      </label>
      {type === 'ENUM' && <TagInput label={names.options} tags={options} onChange={setOptions} />}
      <ActionError action={create} />
      <button type="submit" className="primary" disabled={create.isBusy}>
        {names.add}
      </button>
    </form>
  )
}

interface EditDefinitionProps {
  readonly definition: DefinitionFitFragment
  readonly onSaved: () => void
}

function EditDefinition({ definition, onSaved }: EditDefinitionProps) {
  const update = useAction(UpdateAttributeDefinitionDocument)
  const [options, setOptions] = useState<readonly string[]>(definition.options)
  const names = text.attributes
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const label = typed(new FormData(event.currentTarget), 'label')
    const input = { id: definition.id, label, ...(definition.type === 'ENUM' && { options: [...options] }) }
    if ((await update.run({ input })) !== null) onSaved()
  }
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <label>
        <span>{names.label}</span>
        <input name="label" defaultValue={definition.label} />
      </label>
      {definition.type === 'ENUM' && <TagInput label={names.options} tags={options} onChange={setOptions} />}
      <ActionError action={update} />
      <button type="submit" className="primary" disabled={update.isBusy}>
        {text.organization.save}
      </button>
    </form>
  )
}
