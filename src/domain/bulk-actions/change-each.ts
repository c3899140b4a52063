import { lockContacts } from '../../data/sql/lock-contacts.ts'
import { transaction } from '../../data/transaction.ts'
import { DomainError, NotFound } from '../../kernel/errors.ts'
import { audit } from '../audit/commands.ts'
import { type ContactChange, saveContacts } from '../contacts/change-many.ts'
import { fieldsOf } from '../contacts/commands.ts'
import { changeContact } from '../contacts/change-contact.ts'
import { changedFields, type ContactFields, type ContactInput } from '../contacts/rules.ts'
import type { ActionFailure, ActionWork } from './outcome.ts'

/** The work of an action that changes one field of contacts: decided for each, written in one statement. */
export function changeEach(field: 'tags' | 'lifecycleStage', change: (contact: ContactFields) => ContactInput): ActionWork {
  return (context, ids) =>
    transaction(context.db, async (tx) => {
      const { organizationId, name } = context.actor
      const locked = await lockContacts(tx, organizationId, ids)
      const living = new Map(locked.filter(({ deletedAt }) => deletedAt === null).map((contact) => [contact.id, contact]))
      const changes: ContactChange[] = []
      const failed: ActionFailure[] = []
      for (const id of ids) {
        const contact = living.get(id)
        const decided = contact === undefined ? new NotFound('contact', id) : decide(fieldsOf(contact), change)
        if (decided instanceof DomainError) failed.push({ id, reason: decided })
        else if (contact !== undefined && decided !== null)
          changes.push({ id, from: contact.lifecycleStage, to: decided, keepsAddresses: true })
      }
      const subjects = changes.map(({ id }) => ({ id, contactId: id }))
      await audit(tx, context, 'contact.updated', subjects, [field])
      await saveContacts(tx, { organizationId, name, now: context.now(), secretKeys: context.secretKeys }, changes)
      return { changed: changes.length, unchanged: ids.length - changes.length - failed.length, failed }
    })
}

/** What a contact becomes; null if it stays what it is; why it cannot become it. */
function decide(contact: ContactFields, change: (contact: ContactFields) => ContactInput): ContactFields | DomainError | null {
  try {
    const changed = changeContact(contact, change(contact), null)
    return changedFields(contact, changed).length === 0 ? null : changed
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
}
