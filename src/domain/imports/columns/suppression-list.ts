import { channels } from '../../../kernel/channels.ts'
import { addressKindOf } from '../../consent/channels.ts'
import { plainName } from './recognize-columns.ts'
import type { Target } from './targets.ts'

/** A column by its name, and what it becomes. */
interface NamedTarget {
  readonly name: string
  readonly target: Target
}

/** How the layout is called in jobs and previews. */
export const suppressionListLayout = 'Suppression list'

/** Columns that say why an address must not be used any more. */
const reasons = new Set(
  'reason suppressionreason unsubscribereason unsubscriptionreason bouncereason blockreason optoutreason reasonforoptout grund abmeldegrund motif raison motivo reden powod'.split(
    ' ',
  ),
)

/** What lists of suppressed addresses have beside, such as those of SendGrid, Postmark, Amazon SES, Mailgun and Telnyx. */
const beside = new Set(
  (
    'id date time timestamp created createdat createdon added addedat dateadded updated updatedat lastupdatetime suppressedat unsubscribedat expires expiresat ' +
    'status code error smtpcode origin source type subtype scope stream messagestream messageid domain domainid group groupid tags from recordtype note notes'
  ).split(' '),
)

/**
 * Whether the columns are those of a list of addresses that must not be used: addresses and a reason for each, and nothing about a
 * person. The people of such a list do not become contacts.
 */
export function isSuppressionList(columns: readonly NamedTarget[]): boolean {
  const has = (test: (column: NamedTarget) => boolean) => columns.some(test)
  return has(({ name }) => reasons.has(plainName(name))) && has(({ target }) => isAddressKind(target.kind)) && columns.every(canStandInList)
}

function canStandInList({ name, target: { kind } }: NamedTarget): boolean {
  return isAddressKind(kind) || kind === 'consent' || reasons.has(plainName(name)) || beside.has(plainName(name))
}

function isAddressKind(kind: string): kind is 'phone' | 'email' {
  return kind === 'phone' || kind === 'email'
}

/** The columns of such a list: a reason is an opt-out on the channels of its addresses, and what stands beside is left out. */
export function ofSuppressionList<Column extends NamedTarget>(columns: readonly Column[]): Column[] {
  const kinds = new Set(columns.flatMap(({ target: { kind } }) => (isAddressKind(kind) ? [kind] : [])))
  const own = channels.filter((channel) => {
    const kind = addressKindOf(channel)
    return kind !== null && kinds.has(kind)
  })
  return columns.map((column): Column => {
    if (reasons.has(plainName(column.name))) return { ...column, target: { kind: 'consent', says: 'reason', channels: own } }
    return beside.has(plainName(column.name)) ? { ...column, target: { kind: 'ignored' } } : column
  })
}
