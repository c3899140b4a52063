import { useState } from 'react'
import { Link } from 'wouter'
import { MergeDialog } from '../contact/merge.tsx'
import { DismissDuplicatesDocument } from '../generated/documents/Mutations.ts'
import type { DuplicatesQuery } from '../generated/operations.ts'
import { ActionError, useAction } from '../shared/action.tsx'
import { words } from '../shared/format.ts'
import { Table } from '../shared/table.tsx'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'

interface GroupProps {
  readonly group: DuplicatesQuery['duplicateContacts']['groups'][number]
  readonly canMerge: boolean
  readonly canWrite: boolean
  /** Called when the contacts are merged, or known to be different people. */
  readonly onGone: () => void
}

/** Contacts that may be one person, side by side: one of them is chosen to stay, and the others are merged into it. */
export function Group({ group, canMerge, canWrite, onGone }: GroupProps) {
  const [first] = group.contacts
  const [chosen, setChosen] = useState<string | null>(null)
  const [isMerging, setIsMerging] = useState(false)
  const [isMerged, setIsMerged] = useState(false)
  const dismiss = useAction(DismissDuplicatesDocument)
  const into = group.contacts.find(({ id }) => id === chosen) ?? first
  if (into === undefined) return null
  const names = text.duplicates
  return (
    <section className="panel" aria-label={group.contacts.map(({ displayName }) => displayName).join(', ')}>
      <p className="line">
        <strong className="number">{names.percent(group.score)}</strong>
        <span className="soft">{group.reasons.map((reason) => words(reason).toLowerCase()).join(', ')}</span>
        <span className="spacer" />
        {canWrite && (
          <button
            type="button"
            disabled={dismiss.isBusy}
            onClick={() => void dismiss.run({ input: { ids: group.contacts.map(({ id }) => id) } }).then((data) => data && onGone())}
          >
            {names.different}
          </button>
        )}
        {canMerge && (
          <button type="button" className="primary" onClick={() => setIsMerging(true)}>
            {names.merge}
          </button>
        )}
      </p>
      <ActionError action={dismiss} />
      <Table columns={canMerge ? names.columns : names.columns.slice(1)}>
        {group.contacts.map((contact) => (
          <tr key={contact.id}>
            {canMerge && (
              <td>
                <input
                  type="radio"
                  aria-label={names.stays(contact.displayName)}
                  checked={contact.id === into.id}
                  onChange={() => setChosen(contact.id)}
                />
              </td>
            )}
            <td>
              <Link href={`/contacts/${contact.id}`}>{contact.displayName}</Link>
            </td>
            <td className="break">{contact.email}</td>
            <td className="number">{contact.phoneFormatted}</td>
            <td>{contact.company}</td>
            <td>
              <Time at={contact.createdAt} />
            </td>
          </tr>
        ))}
      </Table>
      <MergeDialog
        into={into}
        from={group.contacts.filter(({ id }) => id !== into.id)}
        isOpen={isMerging}
        onClose={() => {
          setIsMerging(false)
          if (isMerged) onGone()
        }}
        onChanged={() => setIsMerged(true)}
      />
    </section>
  )
}
