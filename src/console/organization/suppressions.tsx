import { type FormEvent, useState } from 'react'
import { useQuery } from 'urql'
import { LiftSuppressionDocument, SuppressAddressesDocument, SuppressionsDocument } from '../generated/documents/Organization.ts'
import type { SuppressionReason, SuppressionsQuery, TopicItemFragment } from '../generated/operations.ts'
import { Options } from '../shared/options.tsx'
import { Table } from '../shared/table.tsx'
import { ActionError, useAction } from '../shared/action.tsx'
import { Dialog } from '../shared/dialog.tsx'
import { channelName, words } from '../shared/format.ts'
import { typed } from '../shared/form.ts'
import { Empty, Failure, Skeleton } from '../shared/states.tsx'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'

type Entry = SuppressionsQuery['suppressions']['nodes'][number]

const reasons: readonly SuppressionReason[] = ['OPT_OUT', 'KEYWORD', 'COMPLAINT', 'MANUAL', 'IMPORTED', 'BLOCK', 'ERASURE']

/** The addresses to which nothing is sent. An entry is lifted with a reason, which stays on record. */
export function Suppressions({ topics }: { readonly topics: readonly TopicItemFragment[] }) {
  const [address, setAddress] = useState('')
  const [searched, setSearched] = useState<string | null>(null)
  const [reason, setReason] = useState<SuppressionReason | null>(null)
  const [after, setAfter] = useState<string | null>(null)
  const [lifted, setLifted] = useState<Entry | null>(null)
  const variables = { address: searched, reasons: reason === null ? null : [reason], after }
  const [{ data, error, fetching }, refresh] = useQuery({ query: SuppressionsDocument, variables, requestPolicy: 'cache-and-network' })
  const reload = (): void => {
    setAfter(null)
    refresh({ requestPolicy: 'network-only' })
  }
  const { suppressions: names } = text.organization
  const entries = data?.suppressions.nodes ?? []
  return (
    <section className="panel" aria-labelledby="suppressions-heading">
      <h2 id="suppressions-heading">{text.organization.tabs.suppressions}</h2>
      <form
        className="toolbar"
        onSubmit={(event) => {
          event.preventDefault()
          setAfter(null)
          setSearched(address.trim() === '' ? null : address.trim())
        }}
      >
        <input
          type="search"
          aria-label={names.find}
          placeholder={names.find}
          value={address}
          onChange={({ target }) => {
            setAddress(target.value)
            if (target.value === '') setSearched(null)
          }}
        />
        <select
          aria-label={names.reason}
          value={reason ?? ''}
          onChange={({ target }) => {
            setAfter(null)
            setReason(reasons.find((name) => name === target.value) ?? null)
          }}
        >
          <option value="">{names.anyReason}</option>
          <Options names={reasons} label={words} />
        </select>
        <span className="soft">{data && names.count(data.suppressions.totalCount)}</span>
      </form>
      <Add onChanged={reload} />
      {error && <Failure error={error} retry={reload} />}
      {!data && fetching && <Skeleton lines={5} />}
      {data && entries.length === 0 && <Empty>{names.empty}</Empty>}
      {entries.length > 0 && (
        <Table columns={names.columns}>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <td className="break">{entry.address}</td>
              <td>
                {entry.channels.map(channelName).join(', ')}
                {entry.topicId !== null && (
                  <span className="soft"> {topics.find(({ id }) => id === entry.topicId)?.name ?? entry.topicId}</span>
                )}
              </td>
              <td>
                {words(entry.reason)}
                {entry.note !== null && <p className="soft break">{entry.note}</p>}
              </td>
              <td>
                <Time at={entry.since} /> <span className="soft">{entry.createdBy}</span>
              </td>
              <td>
                <button type="button" aria-label={`${names.lift} ${entry.address}`} onClick={() => setLifted(entry)}>
                  {names.lift}
                </button>
              </td>
            </tr>
          ))}
        </Table>
      )}
      {data?.suppressions.pageInfo.hasNextPage === true && (
        <button type="button" disabled={fetching} onClick={() => setAfter(data.suppressions.pageInfo.endCursor)}>
          {text.contact.older}
        </button>
      )}
      <Lift
        entry={lifted}
        onClose={() => setLifted(null)}
        onLifted={() => {
          setLifted(null)
          reload()
        }}
      />
    </section>
  )
}

function Add({ onChanged }: { readonly onChanged: () => void }) {
  const add = useAction(SuppressAddressesDocument)
  const { suppressions: names } = text.organization
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = event.currentTarget
    const given = new FormData(form)
    const note = typed(given, 'note')
    const addresses = typed(given, 'addresses')
      .split(/[\n,;]+/)
      .map((address) => address.trim())
      .filter((address) => address !== '')
    if ((await add.run({ input: { addresses, ...(note !== '' && { note }) } })) === null) return
    form.reset()
    onChanged()
  }
  return (
    <details className="record">
      <summary>{names.add}</summary>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <label>
          <span>{names.addresses}</span>
          <textarea name="addresses" rows={3} required />
        </label>
        <label>
          <span>{names.note}</span>
          <input name="note" maxLength={500} />
        </label>
        <ActionError action={add} />
        <button type="submit" className="primary" disabled={add.isBusy}>
          {names.add}
        </button>
      </form>
    </details>
  )
}

interface LiftProps {
  readonly entry: Entry | null
  readonly onClose: () => void
  readonly onLifted: () => void
}

function Lift({ entry, onClose, onLifted }: LiftProps) {
  const lift = useAction(LiftSuppressionDocument)
  const { suppressions: names } = text.organization
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const reason = typed(new FormData(event.currentTarget), 'reason')
    if (entry !== null && (await lift.run({ input: { suppressionId: entry.id, reason } })) !== null) onLifted()
  }
  return (
    <Dialog title={names.liftHeading(entry?.address ?? '')} isOpen={entry !== null} onClose={onClose}>
      <p>{names.liftMeaning}</p>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <label>
          <span>{names.liftReason}</span>
          <input name="reason" required maxLength={500} />
        </label>
        <ActionError action={lift} />
        <button type="submit" className="primary" disabled={lift.isBusy}>
          {names.lift}
        </button>
      </form>
    </Dialog>
  )
}
