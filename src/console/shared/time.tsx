import { absoluteTime, relativeTime } from './format.ts'

/** A relative time, with the absolute one on hover and focus. */
export function Time({ at, zone = null }: { readonly at: string; readonly zone?: string | null }) {
  return (
    <time dateTime={at} title={absoluteTime(at, zone)}>
      {relativeTime(at)}
    </time>
  )
}
