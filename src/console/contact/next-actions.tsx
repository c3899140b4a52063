import { useState } from 'react'
import { RecordSuggestionOutcomeDocument } from '../generated/documents/Suggestion.ts'
import type { SuggestionFragment, SuggestionOutcome } from '../generated/operations.ts'
import { ActionError, useAction } from '../shared/action.tsx'
import { channelName, relativeTime } from '../shared/format.ts'
import { Empty } from '../shared/states.tsx'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'

interface NextActionsProps {
  readonly suggestions: readonly SuggestionFragment[]
  readonly zone: string | null
  readonly canWrite: boolean
  /** Shows the message, call or ticket that a suggestion is about. */
  readonly onShow: (subjectId: string) => void
  readonly onChanged: () => void
}

const hour = 3_600_000

/** The suggestions with their reasons, and what can be said about them; the weight of a reason is its bar. */
export function NextActions({ suggestions, zone, canWrite, onShow, onChanged }: NextActionsProps) {
  const action = useAction(RecordSuggestionOutcomeDocument)
  const [said, setSaid] = useState('')
  const record = async (suggestion: SuggestionFragment, outcome: SuggestionOutcome, until: string | null = null): Promise<void> => {
    const data = await action.run({ input: { id: suggestion.id, outcome, ...(until !== null && { until }) } })
    const result = data?.recordSuggestionOutcome
    if (!result || !('until' in result)) return
    setSaid(text.suggestions.outcome(text.suggestions.actions[suggestion.action], relativeTime(result.until)))
    onChanged()
  }
  return (
    <section className="panel next" aria-labelledby="next-heading">
      <h2 id="next-heading">{text.contact.next}</h2>
      <ActionError action={action} />
      <p role="status" className={said === '' ? 'visually-hidden' : 'soft'}>
        {said}
      </p>
      {suggestions.length === 0 && <Empty>{text.contact.noSuggestion}</Empty>}
      {suggestions.map((suggestion) => (
        <article key={suggestion.id} className="suggestion" aria-label={text.suggestions.actions[suggestion.action]}>
          <div className="line">
            <p className="what">
              <strong>{text.suggestions.actions[suggestion.action]}</strong>
              <About suggestion={suggestion} onShow={onShow} />
              <span className="soft">
                {suggestion.channel !== null && ` · ${channelName(suggestion.channel)}`}
                {suggestion.action !== 'WAIT' && (
                  <>
                    {` · ${text.suggestions.best} `}
                    <Time at={suggestion.suggestedAt} zone={zone} />
                  </>
                )}
              </span>
            </p>
            {canWrite && (
              <p className="actions">
                <button type="button" disabled={action.isBusy} onClick={() => void record(suggestion, 'DONE')}>
                  {text.suggestions.done}
                </button>
                <select
                  aria-label={text.suggestions.later}
                  value=""
                  disabled={action.isBusy}
                  onChange={({ target }) =>
                    void record(suggestion, 'SNOOZED', new Date(Date.now() + Number(target.value) * hour).toISOString())
                  }
                >
                  <option value="">{text.suggestions.later}</option>
                  {text.suggestions.delays.map(([hours, label]) => (
                    <option key={hours} value={hours}>
                      {label}
                    </option>
                  ))}
                </select>
                <button type="button" className="plain" disabled={action.isBusy} onClick={() => void record(suggestion, 'DISMISSED')}>
                  {text.suggestions.dismiss}
                </button>
              </p>
            )}
          </div>
          <Reasons suggestion={suggestion} />
        </article>
      ))}
    </section>
  )
}

function About({ suggestion, onShow }: { readonly suggestion: SuggestionFragment; readonly onShow: (subjectId: string) => void }) {
  const { about } = suggestion
  if (about === null) return null
  return (
    <>
      {' '}
      <button type="button" className="link" onClick={() => onShow(about.subjectId)}>
        {about.title === null ? text.suggestions.subjects[about.kind] : `“${about.title}”`}
      </button>
    </>
  )
}

function Reasons({ suggestion }: { readonly suggestion: SuggestionFragment }) {
  const heaviest = Math.max(1e-9, ...suggestion.reasons.map(({ weight }) => Math.abs(weight)))
  return (
    <details>
      <summary>
        {text.suggestions.why(suggestion.reasons.length)}
        <span className="number"> · {text.suggestions.score(Math.round(suggestion.score))}</span>
      </summary>
      <ul className="reasons">
        {suggestion.reasons.map(({ code, message, weight }) => (
          <li key={code + message}>
            <span className={`bar${weight < 0 ? ' against' : ''}`} title={text.suggestions.weight(weight)}>
              <span style={{ width: `${(100 * Math.abs(weight)) / heaviest}%` }} />
            </span>
            <span>
              {message} <span className="visually-hidden">{text.suggestions.weight(weight)}</span>
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}
