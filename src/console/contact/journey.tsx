import { useEffect, useMemo, useState } from 'react'
import { useQuery } from 'urql'
import { JourneyDocument } from '../generated/documents/Journey.ts'
import { absoluteTime, channelName, duration, words } from '../shared/format.ts'
import { Empty, Failure, Skeleton } from '../shared/states.tsx'
import { text } from '../shared/text.ts'
import { JourneyPicture } from './journey-picture.tsx'

/** Beyond this many entries the reader asks for more. */
const readByItself = 3000

/** The journey as a picture, and as a table beside it for screen readers and for reading. Long journeys are read page by page. */
export function JourneyTab({ id, zone }: { readonly id: string; readonly zone: string | null }) {
  const [isTable, setIsTable] = useState(false)
  const [after, setAfter] = useState<string | null>(null)
  const [{ data, error, fetching }, retry] = useQuery({ query: JourneyDocument, variables: { id, after } })
  const journey = data?.contact?.journey
  const entries = useMemo(() => journey?.entries.nodes ?? [], [journey])
  const next = journey?.entries.pageInfo.hasNextPage === true ? journey.entries.pageInfo.endCursor : null
  useEffect(() => {
    if (next !== null && !fetching && entries.length < readByItself) setAfter(next)
  }, [next, fetching, entries.length])
  if (error) return <Failure error={error} retry={() => retry()} />
  if (!journey) return <Skeleton lines={6} />
  if (entries.length === 0) return <Empty>{text.contact.emptyTimeline}</Empty>
  return (
    <div>
      <p className="line">
        <button type="button" onClick={() => setIsTable(!isTable)}>
          {isTable ? text.contact.asPicture : text.contact.asTable}
        </button>
        <span className="soft" aria-live="polite">
          {text.journey.count(entries.length, next !== null)}
          {!isTable && ` ${text.journey.howToRead}`}
        </span>
        {next !== null && entries.length >= readByItself && (
          <button type="button" disabled={fetching} onClick={() => setAfter(next)}>
            {text.journey.more}
          </button>
        )}
      </p>
      {!isTable && <JourneyPicture journey={journey} tickets={data?.contact?.tickets.nodes ?? []} zone={zone} />}
      <div className={isTable ? 'scroll' : 'visually-hidden'} tabIndex={isTable ? 0 : undefined}>
        <table>
          <caption>{journey.stages.map(({ stage, durationSeconds }) => `${words(stage)} ${duration(durationSeconds)}`).join(', ')}</caption>
          <thead>
            <tr>
              <th scope="col">{text.journey.columns.time}</th>
              <th scope="col">{text.journey.columns.what}</th>
              <th scope="col">{text.journey.columns.channel}</th>
              <th scope="col">{text.journey.columns.stage}</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <tr key={`${entry.type} ${entry.referenceId} ${entry.occurredAt}`}>
                <td className="number">{absoluteTime(entry.occurredAt, zone)}</td>
                <td>
                  {entry.title}
                  {entry.detail !== null && <span className="soft"> {entry.detail}</span>}
                </td>
                <td>{entry.channel === null ? '' : channelName(entry.channel)}</td>
                <td>{words(entry.stage)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}
