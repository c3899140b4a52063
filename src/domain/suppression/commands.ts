import type { SuppressionReason } from '../../data/generated/client.ts'
import { liftSuppressions, type NewSuppression } from '../../data/sql/write-suppressions.ts'
import { transaction } from '../../data/transaction.ts'
import { DomainError, InvalidInput, MissingRequiredField, NotFound } from '../../kernel/errors.ts'
import { newId, parseId } from '../../kernel/ids.ts'
import { parseText } from '../../kernel/text.ts'
import { audit } from '../audit/commands.ts'
import { recomputePreferences } from '../consent/recompute-preferences.ts'
import { type Context, requireScope } from '../context.ts'
import { getOrganization } from '../organizations/queries.ts'
import { addSuppressions } from './add.ts'
import { channelsOfAddress, maxAddresses, parseAddressText, parseChannels } from './rules.ts'

export interface SuppressionInput {
  /** 1 to 1,000 phone numbers and email addresses. */
  readonly addresses: readonly string[]
  /** By default every channel of each address. */
  readonly channels?: readonly string[] | null | undefined
  /** `manual` by default. */
  readonly reason?: Extract<SuppressionReason, 'manual' | 'imported' | 'complaint'> | null | undefined
  /** At most 500 characters. */
  readonly note?: string | null | undefined
}

export interface AddressesSuppressed {
  /** The ids of the entries that are new, or hold again. */
  readonly ids: readonly string[]
  /** Addresses that could not be read, by their positions. */
  readonly failed: readonly { readonly index: number; readonly reason: DomainError }[]
}

/**
 * Puts addresses on the suppression list, whether or not a contact has them: nothing is sent to them until they are lifted. Addresses that cannot be read
 * do not lose the others. A fixed number of statements.
 * @throws InvalidInput, InvalidChannel; InvalidPhoneNumber, InvalidEmail if no address can be read
 */
export async function suppressAddresses(context: Context, input: SuppressionInput): Promise<AddressesSuppressed> {
  requireScope(context, 'settings:write')
  const { addresses } = input
  if (addresses.length === 0 || addresses.length > maxAddresses) {
    throw new InvalidInput(
      addresses.length === 0 ? 'No address is named.' : `${addresses.length.toLocaleString('en')} addresses are too many at a time.`,
      { field: 'addresses', expected: `1 to ${maxAddresses.toLocaleString('en')} addresses` },
    )
  }
  const channels = parseChannels(input.channels, 'channels')
  const note = typeof input.note === 'string' ? parseText(input.note, 'note', { max: 500, multiline: true }) : null
  const { defaultCountry } = await getOrganization(context)
  const rows: NewSuppression[] = []
  const failed: { index: number; reason: DomainError }[] = []
  for (const [index, text] of addresses.entries()) {
    try {
      const address = parseAddressText(text, defaultCountry, `addresses.${index}`)
      const names = channels === null ? [''] : channelsOfAddress(channels, address, 'channels')
      const about = { ...address, topicId: '', reason: input.reason ?? 'manual', note }
      rows.push(...names.map((channel) => ({ ...about, id: newId('suppression'), channel })))
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      failed.push({ index, reason: error })
    }
  }
  const [failure] = failed
  if (rows.length === 0 && failure !== undefined) throw failure.reason
  return transaction(context.db, async (tx) => ({ ids: await addSuppressions(tx, context, rows), failed }))
}

/**
 * Lifts an entry of the suppression list. An opt-out that a contact has on record itself stays. Lifting one that does not hold changes nothing.
 * @returns its id
 * @throws MissingRequiredField without a reason, InvalidInput, NotFound
 */
export async function liftSuppression(context: Context, idText: string, reasonText: string): Promise<string> {
  requireScope(context, 'settings:write')
  const id = parseId('suppression', idText, 'suppressionId')
  const reason = parseText(reasonText, 'reason', { max: 500, multiline: true })
  if (reason === null) {
    throw new MissingRequiredField('Lifting a suppression needs a reason: it stays on record.', {
      field: 'reason',
      expected: '1 to 500 characters',
    })
  }
  const { organizationId, name } = context.actor
  await transaction(context.db, async (tx) => {
    const known = await tx.prisma.suppression.findUnique({ where: { organizationId_id: { organizationId, id } }, select: { id: true } })
    if (known === null) throw new NotFound('suppression', id)
    const lifted = await liftSuppressions(tx, organizationId, [id], { at: context.now(), by: name, reason })
    await audit(
      tx,
      context,
      'suppression.lifted',
      lifted.map(() => ({ id, contactId: null })),
    )
    await recomputePreferences(
      tx,
      organizationId,
      lifted.flatMap(({ contactIds }) => contactIds),
    )
  })
  return id
}
