import { useEffect, useState } from 'react'
import { useQuery } from 'urql'
import { FindContactsDocument } from '../generated/documents/FindContacts.ts'
import { DismissDuplicatesDocument, MergeContactsDocument } from '../generated/documents/Mutations.ts'
import type { ContactQuery, MergeContactsMutation } from '../generated/operations.ts'
import { Table } from '../shared/table.tsx'
import { ActionError, useAction } from '../shared/action.tsx'
import { Dialog } from '../shared/dialog.tsx'
import { channelName, dayText, valueText, words } from '../shared/format.ts'
import { Empty, Skeleton } from '../shared/states.tsx'
import { text } from '../shared/text.ts'

type Contact = NonNullable<ContactQuery['contact']>
type Merge = Extract<MergeContactsMutation['mergeContacts'], { merge: unknown }>['merge']

export interface Other {
  readonly id: string
  readonly displayName: string
  readonly email: string | null
  readonly phoneFormatted: string | null
}

interface MergeProps {
  readonly into: Other
  /** Contacts that are merged into it, where they are known before; else one is chosen. */
  readonly from?: readonly Other[]
  /** Contacts that may be the same person. */
  readonly duplicates?: Contact['duplicates']
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onChanged: () => void
}

/** Choose the other contact, see what a merge would do, change whose values stay, and merge. The dry run is the preview. */
export function MergeDialog({ into, isOpen, onClose, ...others }: MergeProps) {
  return (
    <Dialog title={text.merge.heading(into.displayName)} isOpen={isOpen} onClose={onClose} isWide>
      <MergeForm into={into} {...others} />
    </Dialog>
  )
}

function MergeForm({ into, from = [], duplicates = [], onChanged }: Omit<MergeProps, 'isOpen' | 'onClose'>) {
  const [others, setOthers] = useState(from)
  const [preview, setPreview] = useState<Merge | null>(null)
  const [done, setDone] = useState<Merge | null>(null)
  const [choices, setChoices] = useState<Readonly<Record<string, string>>>({})
  const action = useAction(MergeContactsDocument)
  const run = async (merged: readonly Other[], chosen: Readonly<Record<string, string>>, dryRun: boolean): Promise<void> => {
    const fields = Object.entries(chosen).map(([field, id]) => ({ field, from: id }))
    const data = await action.run({ input: { intoId: into.id, fromIds: merged.map(({ id }) => id), fields, dryRun } })
    const result = data?.mergeContacts
    if (!result || !('merge' in result)) return
    if (dryRun) return setPreview(result.merge)
    setDone(result.merge)
    onChanged()
  }
  const show = (merged: readonly Other[], chosen: Readonly<Record<string, string>>): void => {
    setOthers(merged)
    setChoices(chosen)
    if (merged.length > 0) void run(merged, chosen, true)
    else setPreview(null)
  }
  // What was given is shown at once; a change of it opens another dialog.
  useEffect(() => show(from, {}), [])
  const all = [into, ...others]
  const nameOf = (id: string | null): string => {
    const one = all.find((contact) => contact.id === id)
    if (one === undefined) return text.merge.united
    // Namesakes differ in their addresses.
    const isOnly = all.filter(({ displayName }) => displayName === one.displayName).length === 1
    return isOnly ? one.displayName : (one.email ?? one.phoneFormatted ?? one.displayName)
  }
  const names = others.map(({ displayName }) => displayName).join(', ')
  return (
    <>
      <ActionError action={action} />
      {done !== null && <p role="status">{text.merge.done(names, dayText(done.reversibleUntil.slice(0, 10)))}</p>}
      {done === null && others.length === 0 && (
        <Candidates id={into.id} duplicates={duplicates} onChoose={(other) => show([other], {})} onChanged={onChanged} />
      )}
      {done === null && others.length > 0 && preview === null && action.isBusy && <Skeleton lines={6} />}
      {done === null && others.length > 0 && (
        <>
          {preview !== null && (
            <MergePreview preview={preview} nameOf={nameOf} onChoose={(field, id) => show(others, { ...choices, [field]: id })} />
          )}
          <p className="actions end">
            {from.length === 0 && (
              <button
                type="button"
                onClick={() => {
                  action.reset()
                  show([], {})
                }}
              >
                {text.merge.another}
              </button>
            )}
            <button
              type="button"
              className="primary"
              disabled={action.isBusy || preview === null}
              onClick={() => void run(others, choices, false)}
            >
              {text.merge.confirm}
            </button>
          </p>
        </>
      )}
    </>
  )
}

interface CandidatesProps {
  readonly id: string
  readonly duplicates: Contact['duplicates']
  readonly onChoose: (other: Other) => void
  readonly onChanged: () => void
}

/** The contacts that may be the same person, and a search for any other one. */
function Candidates({ id, duplicates, onChoose, onChanged }: CandidatesProps) {
  const [search, setSearch] = useState('')
  const dismiss = useAction(DismissDuplicatesDocument)
  const [{ data }] = useQuery({
    query: FindContactsDocument,
    variables: { search },
    pause: search.trim() === '',
  })
  const found = search.trim() === '' ? [] : (data?.contacts.nodes ?? []).filter((other) => other.id !== id)
  const different = async (otherId: string): Promise<void> => {
    if ((await dismiss.run({ input: { ids: [id, otherId] } })) !== null) onChanged()
  }
  return (
    <>
      {duplicates.length > 0 && <h3>{text.merge.alike}</h3>}
      <ActionError action={dismiss} />
      <ul className="plain-list">
        {duplicates.map(({ contact: other, score, reasons }) => (
          <li key={other.id} className="entry line">
            <Who other={other} onChoose={onChoose} />
            <span className="soft">
              {Math.round(score * 100)} % · {reasons.map((reason) => words(reason).toLowerCase()).join(', ')}
            </span>
            <span className="spacer" />
            <button type="button" className="plain" disabled={dismiss.isBusy} onClick={() => void different(other.id)}>
              {text.merge.different}
            </button>
          </li>
        ))}
      </ul>
      <label className="stack">
        <span className="soft">{text.merge.search}</span>
        <input type="search" value={search} onChange={({ target }) => setSearch(target.value)} />
      </label>
      <ul className="plain-list">
        {found.map((other) => (
          <li key={other.id} className="entry">
            <Who other={other} onChoose={onChoose} />
          </li>
        ))}
      </ul>
      {search.trim() !== '' && data && found.length === 0 && <Empty>{text.merge.none}</Empty>}
    </>
  )
}

function Who({ other, onChoose }: { readonly other: Other; readonly onChoose: (other: Other) => void }) {
  return (
    <button type="button" className="link" onClick={() => onChoose(other)}>
      {other.displayName} <span className="soft">{[other.email, other.phoneFormatted].filter((part) => part !== null).join(' · ')}</span>
    </button>
  )
}

interface MergePreviewProps {
  readonly preview: Merge
  readonly nameOf: (id: string | null) => string
  readonly onChoose: (field: string, contactId: string) => void
}

/** Every field with its outcome and the values that are lost, consent by channel, and what moves. */
function MergePreview({ preview, nameOf, onChoose }: MergePreviewProps) {
  const consent = preview.consent.filter(({ states }) => states.some(({ state }) => state !== 'UNKNOWN'))
  const moved = preview.moved.filter(({ count }) => count > 0)
  return (
    <>
      <Table columns={[text.merge.field, text.merge.stays, text.merge.lost]}>
        {preview.fields
          .filter(({ value, losing }) => value !== null || losing.length > 0)
          .map(({ field, value, contactId: from, losing }) => (
            <tr key={field}>
              <th scope="row">{fieldName(field)}</th>
              <td className="break">
                {valueText(value) || '–'} <span className="soft">{nameOf(from)}</span>
              </td>
              <td className="break">
                {losing.map((lost) => (
                  <div key={lost.contactId}>
                    {valueText(lost.value) || '–'}{' '}
                    <button type="button" className="link" onClick={() => onChoose(field, lost.contactId)}>
                      {text.merge.take}
                    </button>
                  </div>
                ))}
              </td>
            </tr>
          ))}
      </Table>
      {consent.length > 0 && <h3>{text.contact.preferences}</h3>}
      <ul className="plain-list">
        {consent.map(({ channel, state, states }) => (
          <li key={channel}>
            {channelName(channel)}: <strong>{words(state)}</strong>{' '}
            <span className="soft">
              ({states.map((item) => `${nameOf(item.contactId)}: ${words(item.state).toLowerCase()}`).join(', ')})
            </span>
          </li>
        ))}
      </ul>
      {moved.length > 0 && (
        <p>
          {text.merge.moves} {moved.map(({ kind, count }) => `${count} ${words(kind).toLowerCase()}`).join(', ')}.
        </p>
      )}
      {preview.isBlocked && <p className="warning">{text.merge.blocked}</p>}
    </>
  )
}

/** `firstName` → `First name`; the key of a custom attribute stays. */
function fieldName(field: string): string {
  const [name = '', ...key] = field.split('.')
  return words(name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`)) + (key.length > 0 ? ` ${key.join('.')}` : '')
}
