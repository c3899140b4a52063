import type { SuggestionFragment } from '../generated/operations.ts'
import { channelName, words } from '../shared/format.ts'
import { Empty } from '../shared/states.tsx'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'

/** The suggestions with their reasons; the weight of a reason is its bar. */
export function NextActions({ suggestions, zone }: { readonly suggestions: readonly SuggestionFragment[]; readonly zone: string | null }) {
  return (
    <section className="panel next" aria-labelledby="next-heading">
      <h2 id="next-heading">{text.contact.next}</h2>
      {suggestions.length === 0 && <Empty>{text.contact.noSuggestion}</Empty>}
      {suggestions.map((suggestion) => (
        <article key={`${suggestion.action} ${suggestion.channel}`} className="suggestion">
          <p>
            <strong>{words(suggestion.action)}</strong>
            {suggestion.channel !== null && ` · ${channelName(suggestion.channel)}`} · <Time at={suggestion.suggestedAt} zone={zone} />
            <span className="soft number"> · score {Math.round(suggestion.score)}</span>
          </p>
          <details>
            <summary>
              {text.contact.why} ({suggestion.reasons.length})
            </summary>
            <ul className="reasons">
              {suggestion.reasons.map(({ code, message, weight }) => (
                <li key={code + message}>
                  <span className="bar" aria-hidden="true">
                    <span style={{ width: `${(100 * Math.abs(weight)) / heaviest(suggestion)}%` }} />
                  </span>
                  {message}
                </li>
              ))}
            </ul>
          </details>
        </article>
      ))}
    </section>
  )
}

/** The largest weight among the reasons: the full length of a bar. */
function heaviest({ reasons }: SuggestionFragment): number {
  return Math.max(1e-9, ...reasons.map(({ weight }) => Math.abs(weight)))
}
