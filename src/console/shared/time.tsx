import { absoluteTime, relativeTime } from './format.ts'

/** A relative time, with the absolute one on hover and focus. */
export function Time({
  at,
  zone = null,
  isNarrow = false,
}: {
  readonly at: string
  readonly zone?: string | null
  readonly isNarrow?: boolean
}) {
  return (
    <time dateTime={at} title={absoluteTime(at, zone)}>
      {relativeTime(at, Date.now(), isNarrow)}
    </time>
  )
}
