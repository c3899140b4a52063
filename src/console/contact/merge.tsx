import { useState } from 'react'
import { useQuery } from 'urql'
import {
  type ContactQuery,
  ContactsDocument,
  DismissDuplicatesDocument,
  MergeContactsDocument,
  type MergeContactsMutation,
} from '../generated/operations.ts'
import { Table } from '../shared/table.tsx'
import { ActionError, useAction } from '../shared/action.tsx'
import { Dialog } from '../shared/dialog.tsx'
import { channelName, relativeTime, valueText, words } from '../shared/format.ts'
import { Empty } from '../shared/states.tsx'
import { text } from '../shared/text.ts'

type Contact = NonNullable<ContactQuery['contact']>
type Merge = Extract<MergeContactsMutation['mergeContacts'], { merge: unknown }>['merge']

interface Other {
  readonly id: string
  readonly displayName: string
  readonly email: string | null
  readonly phoneFormatted: string | null
}

interface MergeProps {
  readonly contact: Contact
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onChanged: () => void
}

/** Choose the other contact, see what a merge would do, change whose values stay, and merge. The dry run is the preview. */
export function MergeDialog({ contact, isOpen, onClose, onChanged }: MergeProps) {
  const [other, setOther] = useState<Other | null>(null)
  const [preview, setPreview] = useState<Merge | null>(null)
  const [done, setDone] = useState<Merge | null>(null)
  const [choices, setChoices] = useState<Readonly<Record<string, string>>>({})
  const action = useAction(MergeContactsDocument)
  const run = async (from: Other, chosen: Readonly<Record<string, string>>, dryRun: boolean): Promise<void> => {
    const fields = Object.entries(chosen).map(([field, id]) => ({ field, from: id }))
    const data = await action.run({ input: { intoId: contact.id, fromIds: [from.id], fields, dryRun } })
    const result = data?.mergeContacts
    if (!result || !('merge' in result)) return
    if (dryRun) return setPreview(result.merge)
    setDone(result.merge)
    onChanged()
  }
  const choose = (next: Other): void => {
    setOther(next)
    void run(next, {}, true)
  }
  const close = (): void => {
    setOther(null)
    setPreview(null)
    setDone(null)
    setChoices({})
    action.reset()
    onClose()
  }
  const nameOf = (id: string | null): string =>
    id === contact.id ? contact.displayName : id !== null && id === other?.id ? other.displayName : text.merge.united
  return (
    <Dialog title={text.merge.heading(contact.displayName)} isOpen={isOpen} onClose={close}>
      <ActionError action={action} />
      {done !== null && <p role="status">{text.merge.done(other?.displayName ?? '', relativeTime(done.reversibleUntil))}</p>}
      {done === null && other === null && <Candidates contact={contact} onChoose={choose} onChanged={onChanged} />}
      {done === null && other !== null && preview !== null && (
        <>
          <MergePreview
            preview={preview}
            contactId={contact.id}
            otherId={other.id}
            nameOf={nameOf}
            onChoose={(field, id) => {
              const next = { ...choices, [field]: id }
              setChoices(next)
              void run(other, next, true)
            }}
          />
          <p className="actions end">
            <button
              type="button"
              onClick={() => {
                setOther(null)
                setPreview(null)
                setChoices({})
              }}
            >
              {text.merge.another}
            </button>
            <button type="button" className="primary" disabled={action.isBusy} onClick={() => void run(other, choices, false)}>
              {text.merge.confirm}
            </button>
          </p>
        </>
      )}
    </Dialog>
  )
}

interface CandidatesProps {
  readonly contact: Contact
  readonly onChoose: (other: Other) => void
  readonly onChanged: () => void
}

/** The contacts that may be the same person, and a search for any other one. */
function Candidates({ contact, onChoose, onChanged }: CandidatesProps) {
  const [search, setSearch] = useState('')
  const dismiss = useAction(DismissDuplicatesDocument)
  const [{ data }] = useQuery({
    query: ContactsDocument,
    variables: { filter: { search }, first: 6, after: null, withLast: false },
    pause: search.trim() === '',
  })
  const found = search.trim() === '' ? [] : (data?.contacts.nodes ?? []).filter(({ id }) => id !== contact.id)
  const different = async (id: string): Promise<void> => {
    if ((await dismiss.run({ input: { ids: [contact.id, id] } })) !== null) onChanged()
  }
  return (
    <>
      {contact.duplicates.length > 0 && <h3>{text.merge.alike}</h3>}
      <ActionError action={dismiss} />
      <ul className="plain-list">
        {contact.duplicates.map(({ contact: other, score, reasons }) => (
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
  readonly contactId: string
  readonly otherId: string
  readonly nameOf: (id: string | null) => string
  readonly onChoose: (field: string, contactId: string) => void
}

/** Every field with its outcome and the values that are lost, consent by channel, and what moves. */
function MergePreview({ preview, contactId, otherId, nameOf, onChoose }: MergePreviewProps) {
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
                    <button
                      type="button"
                      className="link"
                      onClick={() => onChoose(field, lost.contactId === contactId ? contactId : otherId)}
                    >
                      {text.merge.take}
                    </button>
                  </div>
                ))}
              </td>
            </tr>
          ))}
      </Table>
      <h3>{text.contact.preferences}</h3>
      <ul className="plain-list">
        {preview.consent
          .filter(({ states }) => states.some(({ state }) => state !== 'UNKNOWN'))
          .map(({ channel, state, states }) => (
            <li key={channel}>
              {channelName(channel)}: <strong>{words(state)}</strong>{' '}
              <span className="soft">
                ({states.map((item) => `${nameOf(item.contactId)}: ${words(item.state).toLowerCase()}`).join(', ')})
              </span>
            </li>
          ))}
      </ul>
      {preview.moved.length > 0 && (
        <p>
          {text.merge.moves} {preview.moved.map(({ kind, count }) => `${count} ${words(kind).toLowerCase()}`).join(', ')}.
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
