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
  /** The entry to scroll to and to mark. */
  readonly shown: string | null
}

/** The newest entries first; the first page comes with the contact, older ones when they are wanted. */
export function TimelineTab({ id, first, zone, shown }: TimelineTabProps) {
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
  return (
    <div>
      <div className="segments" role="group" aria-label={text.fields.kind}>
        {[null, ...kinds].map((option) => (
          <button
            key={option ?? 'all'}
            type="button"
            aria-pressed={option === kind}
            onClick={() => {
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
          <TimelineEntry key={entry.id} entry={entry} zone={zone} isShown={entry.id === shown} />
        ))}
      </ol>
      {page?.pageInfo.hasNextPage === true && (
        <button type="button" disabled={fetching} onClick={() => setAfter(page.pageInfo.endCursor)}>
          {text.contact.older}
        </button>
      )}
    </div>
  )
}

interface TimelineEntryProps {
  readonly entry: Entry
  readonly zone: string | null
  readonly isShown: boolean
}

function TimelineEntry({ entry, zone, isShown }: TimelineEntryProps) {
  const item = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (isShown) item.current?.scrollIntoView({ block: 'center' })
  }, [isShown])
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
    <li className={`entry${isShown ? ' shown' : ''}`} ref={item} aria-current={isShown ? 'true' : undefined}>
      <p className="line">
        <span className="soft" aria-label={entry.direction === null ? undefined : words(entry.direction)}>
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
