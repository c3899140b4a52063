import { InvalidInput } from '../../kernel/errors.ts'
import { parseId } from '../../kernel/ids.ts'
import { shorten } from '../../kernel/text.ts'
import { type FieldChoice, type MergeableField, mergeableFields } from './fields.ts'

/** Which contacts become one. */
export interface MergeInput {
  /** The contact that stays. */
  readonly intoId: string
  /** 1 to 20 contacts whose ids refer to it afterwards. */
  readonly fromIds: readonly string[]
  /** Whose value a field gets. Default: that of the contact that stays, else of the first that has one. */
  readonly fields?: readonly { readonly field: string; readonly from: string }[] | null | undefined
  /** The revisions that contacts must have. */
  readonly ifRevisions?: readonly { readonly contactId: string; readonly revision: number }[] | null | undefined
  /** Whether nothing is to be written. */
  readonly dryRun?: boolean | null | undefined
}

export interface ParsedMerge {
  readonly intoId: string
  readonly fromIds: string[]
  readonly fields: readonly FieldChoice[]
  readonly revisions: ReadonlyMap<string, number>
  readonly dryRun: boolean
}

const maxMerged = 20

/** @throws InvalidInput */
export function parseMerge({ intoId, fromIds, fields, ifRevisions, dryRun }: MergeInput): ParsedMerge {
  const into = parseId('contact', intoId, 'intoId')
  if (fromIds.length === 0 || fromIds.length > maxMerged) {
    throw new InvalidInput(`${fromIds.length.toLocaleString('en')} contacts cannot be merged at a time.`, {
      field: 'fromIds',
      expected: `1 to ${maxMerged} ids of contacts`,
    })
  }
  const from = fromIds.map((id, index) => parseId('contact', id, `fromIds.${index}`))
  const repeated = from.findIndex((id, index) => id === into || from.indexOf(id) !== index)
  if (repeated !== -1) {
    throw new InvalidInput('A contact is named twice.', {
      field: `fromIds.${repeated}`,
      value: from[repeated],
      expected: 'each contact once',
    })
  }
  const ids = new Set([into, ...from])
  const choices = (fields ?? []).map(({ field, from: id }, index) => ({
    field: parseField(field, `fields.${index}.field`),
    from: partyOf(ids, id, `fields.${index}.from`),
  }))
  const twice = choices.findIndex(({ field }, index) => choices.findIndex((choice) => choice.field === field) !== index)
  if (twice !== -1)
    throw new InvalidInput('A field is named twice.', {
      field: `fields.${twice}.field`,
      value: choices[twice]?.field,
      expected: 'each field once',
    })
  const revisions = (ifRevisions ?? []).map(({ contactId, revision }, index): [string, number] => [
    partyOf(ids, contactId, `ifRevisions.${index}.contactId`),
    revision,
  ])
  return { intoId: into, fromIds: from, fields: choices, revisions: new Map(revisions), dryRun: dryRun === true }
}

function parseField(text: string, field: string): MergeableField {
  const known = mergeableFields.find((name) => name === text)
  if (known !== undefined) return known
  throw new InvalidInput('There is no such field to choose.', {
    field,
    value: shorten(text),
    expected: `one of ${mergeableFields.join(', ')}`,
  })
}

function partyOf(ids: ReadonlySet<string>, text: string, field: string): string {
  const id = parseId('contact', text, field)
  if (ids.has(id)) return id
  throw new InvalidInput('This contact is none of those that are merged.', { field, value: id, expected: 'intoId or one of fromIds' })
}
