import { useEffect, useRef, useState } from 'react'
import { useQuery } from 'urql'
import { TimelineDocument } from '../generated/documents/Timeline.ts'
import type { TimelineKind, TimelinePageFragment } from '../generated/operations.ts'
import { channelName, words } from '../shared/format.ts'
import { Empty, Failure } from '../shared/states.tsx'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'

type Entry = TimelinePageFragment['nodes'][number]

const kinds: readonly TimelineKind[] = ['MESSAGE', 'CALL', 'TICKET', 'EVENT']

interface TimelineTabProps {
  readonly id: string
  readonly first: TimelinePageFragment
  readonly zone: string | null
  /** The entry to scroll to and to mark; another object to do it again. */
  readonly shown: Shown | null
  /** The reader has chosen what to see, and the entry is not looked for any more. */
  readonly onChoose: () => void
}

export interface Shown {
  readonly id: string
}

/** How many entries are read to find the one that is to be shown. */
const readToFind = 400

/** The newest entries first; the first page comes with the contact, older ones when they are wanted. */
export function TimelineTab({ id, first, zone, shown, onChoose }: TimelineTabProps) {
  const [kind, setKind] = useState<TimelineKind | null>(null)
  const [after, setAfter] = useState<string | null>(null)
  const isFirstPage = kind === null && after === null
  const [{ data, error, fetching }, retry] = useQuery({
    query: TimelineDocument,
    variables: { id, first: 40, after, ...(kind !== null && { kinds: [kind] }) },
    pause: isFirstPage,
  })
  const page = isFirstPage ? first : (data?.contact?.timeline ?? null)
  const entries = page?.nodes ?? first.nodes
  const next = page?.pageInfo.hasNextPage === true ? page.pageInfo.endCursor : null
  const isSought = shown !== null && entries.every((entry) => entry.id !== shown.id)
  useEffect(() => {
    if (!isSought || fetching) return
    if (kind !== null) {
      setKind(null)
      setAfter(null)
    } else if (next !== null && entries.length < readToFind) setAfter(next)
  }, [isSought, fetching, kind, next, entries.length])
  return (
    <div>
      <div className="segments" role="group" aria-label={text.fields.kind}>
        {[null, ...kinds].map((option) => (
          <button
            key={option ?? 'all'}
            type="button"
            aria-pressed={option === kind}
            onClick={() => {
              onChoose()
              setKind(option)
              setAfter(null)
            }}
          >
            {option === null ? text.contact.allKinds : words(option)}
          </button>
        ))}
      </div>
      {error && <Failure error={error} retry={() => retry()} />}
      {entries.length === 0 && !fetching && <Empty>{text.contact.emptyTimeline}</Empty>}
      <ol className="plain-list">
        {entries.map((entry) => (
          <TimelineEntry key={entry.id} entry={entry} zone={zone} shown={entry.id === shown?.id ? shown : null} />
        ))}
      </ol>
      {next !== null && (
        <button type="button" disabled={fetching} onClick={() => setAfter(next)}>
          {text.contact.older}
        </button>
      )}
    </div>
  )
}

interface TimelineEntryProps {
  readonly entry: Entry
  readonly zone: string | null
  /** Set if it is to be scrolled to. */
  readonly shown: Shown | null
}

function TimelineEntry({ entry, zone, shown }: TimelineEntryProps) {
  const item = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (shown !== null) item.current?.scrollIntoView({ block: 'center' })
  }, [shown])
  const status =
    'messageStatus' in entry
      ? entry.messageStatus
      : 'callStatus' in entry
        ? entry.callStatus
        : 'ticketStatus' in entry
          ? entry.ticketStatus
          : null
  const arrow = entry.direction === 'INBOUND' ? '←' : entry.direction === 'OUTBOUND' ? '→' : '·'
  return (
    <li className={`entry${shown === null ? '' : ' shown'}`} ref={item} aria-current={shown === null ? undefined : 'true'}>
      <p className="line">
        <span className="direction soft" aria-label={entry.direction === null ? undefined : words(entry.direction)}>
          {arrow}
        </span>
        {entry.title}
        <span className="spacer" />
        <span className="soft">
          <Time at={entry.occurredAt} zone={zone} />
        </span>
      </p>
      {'body' in entry && entry.body !== null && entry.body !== entry.title && <p className="multiline">{entry.body}</p>}
      <p className="soft">
        {[entry.channel === null ? null : channelName(entry.channel), status === null ? null : words(status)]
          .filter((part) => part !== null)
          .join(' · ')}
      </p>
    </li>
  )
}
