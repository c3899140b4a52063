import type { ContactQuery } from '../generated/operations.ts'
import { channelName } from '../shared/format.ts'
import { text } from '../shared/text.ts'

type Figures = NonNullable<ContactQuery['contact']>['profile']['engagement']

/** The score with its three parts. */
export function Engagement({ engagement }: { readonly engagement: Figures }) {
  const names = text.engagement
  const parts = [
    [names.recency, 'recency', engagement.recency, 40],
    [names.frequency, 'frequency', engagement.frequency, 30],
    [names.replies, 'replies', engagement.replies, 30],
  ] as const
  const facts = [
    engagement.replyRate !== null && names.answers(Math.round(engagement.replyRate * 100)),
    engagement.preferredChannel !== null && names.prefers(channelName(engagement.preferredChannel)),
    engagement.bestLocalHour !== null && names.bestHour(engagement.bestLocalHour, engagement.timezone),
  ].filter((fact) => fact !== false)
  return (
    <section className="panel" aria-labelledby="engagement-heading">
      <h2 id="engagement-heading">{text.contact.engagement}</h2>
      <p className="line">
        <strong className="number">{engagement.score}</strong> {names.ofHundred}
      </p>
      <div className="stacked" role="img" aria-label={parts.map(([name, , value, most]) => names.part(name, value, most)).join(', ')}>
        {parts.map(([name, kind, value]) => (
          <span key={kind} className={kind} style={{ width: `${value}%` }} title={`${name}: ${value}`} />
        ))}
      </div>
      <p className="soft">
        {parts.map(([name, , value, most]) => `${name} ${value}/${most}`).join(' + ')}. {names.formula}
      </p>
      <p className="soft">{facts.join(' ')}</p>
    </section>
  )
}
