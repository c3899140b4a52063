import type { Message } from '../../data/generated/client.ts'
import type { Tx } from '../../data/database.ts'
import type { NewSuppression } from '../../data/sql/write-suppressions.ts'
import { newId } from '../../kernel/ids.ts'
import { phoneKey } from '../../kernel/phone-key.ts'
import { sharingOptOuts } from '../consent/channels.ts'
import type { Context } from '../context.ts'
import { addSuppressions } from '../suppression/add.ts'
import type { Item } from './telling.ts'

/**
 * Keeps stop words from numbers that no living contact has: the message itself is rejected, but the opt-out holds for the number and for the contact that
 * gets it. The text of the message is the proof. Two statements, however many; none without such messages.
 */
export async function suppressUnknownSenders(
  tx: Tx,
  context: Context,
  messages: readonly Item<Message>[],
  contacts: { has(key: string): boolean },
): Promise<void> {
  const rows = messages.flatMap(({ telling: { stopWord }, contact }): NewSuppression[] => {
    const phone = contact.fields?.phone ?? null
    if (stopWord === null || stopWord === undefined || phone === null || contacts.has(contact.key)) return []
    const about = { kind: 'phone' as const, key: phoneKey(phone), topicId: '', reason: 'keyword' as const, note: stopWord.text }
    return sharingOptOuts(stopWord.channel).map((channel) => ({ ...about, id: newId('suppression'), channel }))
  })
  await addSuppressions(tx, context, rows)
}
