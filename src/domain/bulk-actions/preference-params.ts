import { z } from 'zod'
import { ConsentState, LawfulBasis } from '../../data/generated/client.ts'
import { InvalidInput, MissingRequiredField } from '../../kernel/errors.ts'
import { isJsonObject } from '../../kernel/json.ts'
import { camelCase } from '../../kernel/text.ts'
import { parseDateTime } from '../../kernel/time.ts'
import type { PreferenceChange } from '../preferences/rules.ts'
import type { ActionParams } from './outcome.ts'

const text = z.string().nullish()
/** A word of a closed set, in any case: the two APIs spell them differently. */
const word = <Words extends Record<string, string>>(words: Words) =>
  z.preprocess((value) => (typeof value === 'string' ? value.toLowerCase() : value), z.enum(words))

const changeShape = z.strictObject({
  channel: z.string(),
  state: word(ConsentState),
  source: text,
  lawfulBasis: word(LawfulBasis).nullish(),
  purpose: text,
  textVersion: text,
  proofUrl: text,
  recordedAt: text,
})

/** The preferences among an action's parameters. @throws MissingRequiredField, InvalidInput */
export function changesOf({ changes }: ActionParams): PreferenceChange[] {
  if (!Array.isArray(changes)) {
    throw new MissingRequiredField('This action needs changes.', {
      field: 'params.changes',
      expected: 'a list such as [{"channel": "sms", "state": "opted_out"}]',
    })
  }
  return changes.map((change: unknown, index) => changeOf(change, `params.changes.${index}`))
}

function changeOf(change: unknown, path: string): PreferenceChange {
  // REST spells names with underscores.
  const named = isJsonObject(change) ? Object.fromEntries(Object.entries(change).map(([name, value]) => [camelCase(name), value])) : change
  const result = changeShape.safeParse(named)
  if (!result.success) {
    const [issue] = result.error.issues
    const field = [path, ...(issue?.path ?? [])].join('.')
    throw new InvalidInput('This preference is not valid.', { field, expected: issue?.message ?? 'a channel and a state' })
  }
  const { recordedAt, ...preference } = result.data
  return { ...preference, recordedAt: typeof recordedAt === 'string' ? parseDateTime(recordedAt, `${path}.recordedAt`) : null }
}
