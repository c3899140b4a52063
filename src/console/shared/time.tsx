import { absoluteTime, relativeTime } from './format.ts'

/** A relative time, with the absolute one on hover, on focus and when it is touched; in lists, which are walked row by row, on hover only. */
export function Time({
  at,
  zone = null,
  isNarrow = false,
}: {
  readonly at: string
  readonly zone?: string | null
  readonly isNarrow?: boolean
}) {
  const absolute = absoluteTime(at, zone)
  return (
    <time dateTime={at} title={absolute} {...(!isNarrow && { tabIndex: 0, 'data-absolute': absolute })}>
      {relativeTime(at, Date.now(), isNarrow)}
    </time>
  )
}
