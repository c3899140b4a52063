import { LifecycleStage } from '../../data/generated/client.ts'
import { selectLivingIds } from '../../data/sql/find-contact-ids.ts'
import { InvalidInput, MissingRequiredField, NotFound } from '../../kernel/errors.ts'
import { shorten } from '../../kernel/text.ts'
import { blockContacts, unblockContacts } from '../blocking/commands.ts'
import { deleteContacts } from '../contacts/commands.ts'
import { restoreContacts } from '../contacts/restore.ts'
import { parseTags, tagKey } from '../contacts/tags.ts'
import { setPreferencesOfMany } from '../preferences/commands.ts'
import { changeEach } from './change-each.ts'
import { changesOf } from './preference-params.ts'
import type { ActionOutcome, ActionParams, BulkAction } from './outcome.ts'

/** Everything that can be done to many contacts at once, by the name that callers use. One more action is one more entry. */
export const actions = {
  add_tags: {
    description: 'Adds `tags` to those that are there.',
    params: ['tags'],
    prepare(params) {
      const added = tagsOf(params)
      return changeEach('tags', ({ tags }) => ({ tags: [...tags, ...added] }))
    },
  },
  remove_tags: {
    description: 'Removes `tags`, without regard to case.',
    params: ['tags'],
    prepare(params) {
      const removed = new Set(tagsOf(params).map(tagKey))
      return changeEach('tags', ({ tags }) => ({ tags: tags.filter((tag) => !removed.has(tagKey(tag))) }))
    },
  },
  set_lifecycle_stage: {
    description: 'Sets the stage to `lifecycleStage`; every change is recorded.',
    params: ['lifecycleStage'],
    prepare(params) {
      const lifecycleStage = stageOf(params)
      return changeEach('lifecycleStage', () => ({ lifecycleStage }))
    },
  },
  set_preferences: {
    description:
      'Puts `changes` on record for each contact, in the form of a contact’s own preferences. Changed are those for whom they are the latest that is known.',
    params: ['changes'],
    prepare(params) {
      const changes = changesOf(params)
      return async (context, ids) => {
        const { decided, failed, notFound } = await setPreferencesOfMany(context, ids, changes)
        const refused = new Map(failed.map(({ contactId, reason }) => [contactId, { id: contactId, reason }]))
        const changed = [...decided].filter((id) => !refused.has(id)).length
        const missing = notFound.map((id) => ({ id, reason: new NotFound('contact', id) }))
        const failures = [...missing, ...refused.values()]
        return { changed, unchanged: ids.length - changed - failures.length, failed: failures }
      }
    },
  },
  block: {
    description: 'Blocks the contacts, with a `reason` if there is one.',
    params: ['reason'],
    prepare(params) {
      const reason = reasonOf(params)
      return async (context, ids) => {
        const { changed, notFound } = await blockContacts(context, ids, reason)
        return outcome(ids, changed.length, notFound)
      }
    },
  },
  unblock: {
    description: 'Ends the blocks of the contacts, with a `reason` if there is one.',
    params: ['reason'],
    prepare(params) {
      const reason = reasonOf(params)
      return async (context, ids) => {
        const { changed, notFound } = await unblockContacts(context, ids, reason)
        return outcome(ids, changed.length, notFound)
      }
    },
  },
  delete: {
    description: 'Deletes the contacts; they can be restored.',
    params: [],
    isDangerous: true,
    prepare: () => async (context, ids) => {
      const { deleted, notFound } = await deleteContacts(context, ids)
      return outcome(ids, deleted.length, notFound)
    },
  },
  restore: {
    description: 'Brings deleted contacts back as they were. They are named by their ids: no filter finds them.',
    params: [],
    isForDeleted: true,
    prepare: () => async (context, ids) => {
      const { length: unchanged } = await selectLivingIds(context.db, context.actor.organizationId, ids)
      const { restored, failed } = await restoreContacts(context, ids)
      return { changed: restored.length - unchanged, unchanged, failed }
    },
  },
} satisfies Readonly<Record<string, BulkAction>>

export type ActionName = keyof typeof actions

function outcome(ids: readonly string[], changed: number, notFound: readonly string[]): ActionOutcome {
  const failed = notFound.map((id) => ({ id, reason: new NotFound('contact', id) }))
  return { changed, unchanged: ids.length - changed - failed.length, failed }
}

function tagsOf({ tags }: ActionParams): string[] {
  const given = typeof tags === 'string' ? [tags] : tags
  if (Array.isArray(given) && given.length > 0 && given.every((tag) => typeof tag === 'string')) return parseTags(given)
  throw new MissingRequiredField('This action needs tags.', { field: 'params.tags', value: tags, expected: 'a list of tags' })
}

function stageOf({ lifecycleStage }: ActionParams): LifecycleStage {
  const stages = Object.values(LifecycleStage)
  const expected = `one of ${stages.join(', ')}`
  const field = 'params.lifecycleStage'
  if (typeof lifecycleStage !== 'string') throw new MissingRequiredField('This action needs a lifecycle stage.', { field, expected })
  const stage = stages.find((known) => known === lifecycleStage.toLowerCase())
  if (stage !== undefined) return stage
  throw new InvalidInput(`There is no such lifecycle stage. Use ${expected}.`, { field, value: shorten(lifecycleStage), expected })
}

function reasonOf({ reason }: ActionParams): string | null {
  if (reason === undefined || reason === null || typeof reason === 'string') return reason ?? null
  throw new InvalidInput('The reason is not a text.', { field: 'params.reason', expected: 'at most 500 characters' })
}
