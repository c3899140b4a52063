import { text } from '../shared/text.ts'
import { type AddressDraft, emptyAddress, type ExternalIdDraft } from './edit-draft.ts'

interface AddressesProps {
  readonly kind: 'phone' | 'email'
  readonly addresses: readonly AddressDraft[]
  readonly onChange: (addresses: readonly AddressDraft[]) => void
}

/** The phone numbers or the email addresses of a contact; one of them is the primary one. */
export function Addresses({ kind, addresses, onChange }: AddressesProps) {
  const { edit } = text
  const change = (index: number, part: Partial<AddressDraft>): void =>
    onChange(addresses.map((address, at) => (at === index ? { ...address, ...part } : address)))
  return (
    <fieldset className="list">
      <legend>{kind === 'phone' ? edit.phones : edit.emails}</legend>
      {addresses.map((address, index) => {
        const name = kind === 'phone' ? edit.phone(index + 1) : edit.email(index + 1)
        return (
          // Addresses have no id, and their order is kept while they are edited.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={index} className="list-row">
            <input
              className="grow"
              aria-label={name}
              inputMode={kind === 'phone' ? 'tel' : 'email'}
              value={address.value}
              onChange={({ target }) => change(index, { value: target.value })}
            />
            {kind === 'phone' && (
              <input
                size={4}
                aria-label={edit.extension(index + 1)}
                placeholder={edit.extensionHint}
                value={address.extension}
                onChange={({ target }) => change(index, { extension: target.value })}
              />
            )}
            <input
              size={8}
              aria-label={edit.labelOf(name)}
              placeholder={edit.labelHint}
              value={address.label}
              onChange={({ target }) => change(index, { label: target.value })}
            />
            <label className="switch">
              <input
                type="radio"
                name={`primary-${kind}`}
                aria-label={edit.primaryOf(name)}
                checked={address.isPrimary}
                onChange={() => onChange(addresses.map((other, at) => ({ ...other, isPrimary: at === index })))}
              />
              {edit.primary}
            </label>
            <button
              type="button"
              className="plain"
              aria-label={edit.removeOf(name)}
              onClick={() => onChange(addresses.filter((_, at) => at !== index))}
            >
              ×
            </button>
          </div>
        )
      })}
      <button
        type="button"
        className="link"
        onClick={() => onChange([...addresses, { ...emptyAddress, isPrimary: addresses.length === 0 }])}
      >
        {kind === 'phone' ? edit.addPhone : edit.addEmail}
      </button>
    </fieldset>
  )
}

interface ExternalIdsProps {
  readonly ids: readonly ExternalIdDraft[]
  readonly onChange: (ids: readonly ExternalIdDraft[]) => void
}

export function ExternalIds({ ids, onChange }: ExternalIdsProps) {
  const { edit } = text
  const change = (index: number, part: Partial<ExternalIdDraft>): void =>
    onChange(ids.map((id, at) => (at === index ? { ...id, ...part } : id)))
  return (
    <fieldset className="list">
      <legend>{edit.externalIds}</legend>
      {ids.map(({ system, value }, index) => (
        // Ids are edited in the order in which they were given.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className="list-row">
          <input
            size={12}
            aria-label={edit.system(index + 1)}
            placeholder={edit.systemHint}
            value={system}
            onChange={({ target }) => change(index, { system: target.value })}
          />
          <input
            className="grow"
            aria-label={edit.idIn(index + 1)}
            value={value}
            onChange={({ target }) => change(index, { value: target.value })}
          />
          <button
            type="button"
            className="plain"
            aria-label={edit.removeOf(edit.idIn(index + 1))}
            onClick={() => onChange(ids.filter((_, at) => at !== index))}
          >
            ×
          </button>
        </div>
      ))}
      <button type="button" className="link" onClick={() => onChange([...ids, { system: '', value: '' }])}>
        {edit.addExternalId}
      </button>
    </fieldset>
  )
}
