import { LifecycleStage } from '../../data/generated/client.ts'
import { selectLivingIds } from '../../data/sql/find-contact-ids.ts'
import { InvalidInput, MissingRequiredField, NotFound } from '../../kernel/errors.ts'
import { shorten } from '../../kernel/text.ts'
import { deleteContacts } from '../contacts/commands.ts'
import { restoreContacts } from '../contacts/restore.ts'
import { parseTags, tagKey } from '../contacts/tags.ts'
import { changeEach } from './change-each.ts'
import type { ActionParams, BulkAction } from './outcome.ts'

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
  delete: {
    description: 'Deletes the contacts; they can be restored.',
    params: [],
    isDangerous: true,
    prepare: () => async (context, ids) => {
      const { deleted, notFound } = await deleteContacts(context, ids)
      return { changed: deleted.length, unchanged: 0, failed: notFound.map((id) => ({ id, reason: new NotFound('contact', id) })) }
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
  throw new InvalidInput('There is no such lifecycle stage.', { field, value: shorten(lifecycleStage), expected })
}
