import { survivorOfMissing } from '../../../domain/contacts/queries.ts'
import type { GraphQLContext } from './builder.ts'

/**
 * Answers a mutation whose input names a contact that was merged into another one, on that one. Looked for only where a contact is missing, so that no
 * other mutation pays for it. @throws what the mutation refuses
 */
export async function followingMerges<Input extends object, Payload>(
  input: Input,
  context: GraphQLContext,
  resolve: (input: Input, context: GraphQLContext) => Payload | Promise<Payload>,
): Promise<Payload> {
  try {
    return await resolve(input, context)
  } catch (error) {
    const merged = await survivorOfMissing(context, error)
    const followed = merged === null ? input : replaceId(input, merged.id, merged.survivor)
    // The survivor itself is found, unless it is gone by now; then there is nothing left to follow.
    if (followed === input) throw error
    return followingMerges(followed, context, resolve)
  }
}

const idFields = ['id', 'ids', 'contactId', 'contactIds']

/** The input with another id in the fields that name contacts; the same object if it is in none. */
function replaceId<Input extends object>(input: Input, id: string, survivor: string): Input {
  const replaced = Object.entries(input).flatMap(([name, value]: [string, unknown]) => {
    if (!idFields.includes(name)) return []
    if (Array.isArray(value)) return value.includes(id) ? [[name, value.map((one: unknown) => (one === id ? survivor : one))]] : []
    return value === id ? [[name, survivor]] : []
  })
  // proof: a field that holds ids of contacts holds one more
  return replaced.length === 0 ? input : ({ ...input, ...Object.fromEntries(replaced) } as Input)
}
