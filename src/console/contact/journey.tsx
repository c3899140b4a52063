import { useMemo, useState } from 'react'
import { useQuery } from 'urql'
import { JourneyDocument } from '../generated/operations.ts'
import { absoluteTime, channelName, duration, words } from '../shared/format.ts'
import { Empty, Failure, Skeleton } from '../shared/states.tsx'
import { text } from '../shared/text.ts'
import { JourneyPicture } from './journey-picture.tsx'

/** The journey as a picture, and as a table beside it for screen readers and for reading. */
export function JourneyTab({ id, zone }: { readonly id: string; readonly zone: string | null }) {
  const [isTable, setIsTable] = useState(false)
  const [{ data, error, fetching }, retry] = useQuery({ query: JourneyDocument, variables: { id } })
  const journey = data?.contact?.journey
  const entries = useMemo(() => journey?.entries.nodes ?? [], [journey])
  if (error) return <Failure error={error} retry={() => retry()} />
  if (!journey || fetching) return <Skeleton lines={6} />
  if (entries.length === 0) return <Empty>{text.contact.emptyTimeline}</Empty>
  return (
    <div>
      <button type="button" onClick={() => setIsTable(!isTable)}>
        {isTable ? text.contact.asPicture : text.contact.asTable}
      </button>
      {!isTable && <JourneyPicture journey={journey} zone={zone} />}
      <table className={isTable ? '' : 'visually-hidden'}>
        <caption>{journey.stages.map(({ stage, durationSeconds }) => `${words(stage)} ${duration(durationSeconds)}`).join(', ')}</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">What</th>
            <th scope="col">Channel</th>
            <th scope="col">Stage</th>
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
  )
}
