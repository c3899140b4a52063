import type { ContactQuery } from '../generated/operations.ts'
import { channelName } from '../shared/format.ts'
import { text } from '../shared/text.ts'

type Figures = NonNullable<ContactQuery['contact']>['profile']['engagement']

/** The score with its three parts. */
export function Engagement({ engagement }: { readonly engagement: Figures }) {
  const parts = [
    ['recency', engagement.recency, 40],
    ['frequency', engagement.frequency, 30],
    ['replies', engagement.replies, 30],
  ] as const
  return (
    <section className="panel" aria-labelledby="engagement-heading">
      <h2 id="engagement-heading">{text.contact.engagement}</h2>
      <p className="line">
        <strong className="number">{engagement.score}</strong> of 100
      </p>
      <div className="stacked" role="img" aria-label={parts.map(([name, value, most]) => `${name} ${value} of ${most}`).join(', ')}>
        {parts.map(([name, value]) => (
          <span key={name} className={name} style={{ width: `${value}%` }} title={`${name}: ${value}`} />
        ))}
      </div>
      <p className="soft">
        {parts.map(([name, value, most]) => `${name} ${value}/${most}`).join(' + ')}. Recent activity, activity in 90 days, and answers
        within a year.
      </p>
      <p className="soft">
        {engagement.replyRate !== null && `Answers ${Math.round(engagement.replyRate * 100)} % of messages. `}
        {engagement.preferredChannel !== null && `Prefers ${channelName(engagement.preferredChannel)}`}
        {engagement.bestLocalHour !== null && `, best around ${engagement.bestLocalHour}:00 (${engagement.timezone})`}
      </p>
    </section>
  )
}
