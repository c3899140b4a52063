import type { Tx } from '../../../data/database.ts'
import { selectPreferences } from '../../../data/sql/find-preferences.ts'
import { channels as allChannels } from '../../../kernel/channels.ts'
import { contactsOf, type Decision } from './decisions.ts'
import type { Warning } from './warnings.ts'

/** The decisions with a warning for each opt-in that does not replace an opt-out which is on record. One statement, and none where no row has an opt-in. */
export async function withKeptOptOuts(db: Tx, organizationId: string, decisions: readonly Decision[]): Promise<readonly Decision[]> {
  const ids = decisions.flatMap((decision) => (hasOptIn(decision) ? contactsOf(decision) : []))
  if (ids.length === 0) return decisions
  const stored = await selectPreferences(db, organizationId, ids)
  const optOuts = new Set(stored.flatMap(({ contactId, channel, state }) => (state === 'opted_out' ? [`${contactId} ${channel}`] : [])))
  if (optOuts.size === 0) return decisions
  return decisions.map((decision) => {
    const warnings = hasOptIn(decision) ? warningsOf(decision, optOuts) : []
    return warnings.length === 0 ? decision : { ...decision, warnings: [...decision.warnings, ...warnings] }
  })
}

/** Whether a row that is imported has an opt-in for a contact that exists. */
function hasOptIn({ outcome, consents }: Decision): boolean {
  return (outcome === 'updated' || outcome === 'unchanged') && consents.some(({ state }) => state === 'opted_in')
}

function warningsOf(decision: Decision, optOuts: ReadonlySet<string>): Warning[] {
  const wanted = decision.consents.flatMap(({ state, channels }) =>
    state === 'opted_in' ? (channels === 'all' ? allChannels : channels) : [],
  )
  const kept = [...new Set(wanted)].filter((channel) => contactsOf(decision).some((id) => optOuts.has(`${id} ${channel}`)))
  return kept.map((channel) => ({ code: 'OPT_OUT_KEPT', column: null, field: channel }))
}
