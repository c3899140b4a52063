import { ContactMerged } from '../../domain/contacts/errors.ts'
import { survivorOfMissing } from '../../domain/contacts/queries.ts'
import type { RequestContext } from '../request-context.ts'
import type { Reply } from './endpoint.ts'

interface Attempt<Params> {
  readonly context: RequestContext
  readonly params: Params
  readonly onlyReads: boolean
  /** The path of the request, in which the id stands. */
  readonly path: string
}

/**
 * Answers for the ids of merged contacts, on every route that begins with one: a read is refused with the id to use from then on, a write goes to the contact
 * that stayed, which the header Content-Location names. Asked only where a contact is missing, so that no other request pays for it.
 * @throws ContactMerged, and what the work refuses
 */
export async function followingMerges<Params extends object>(
  { context, params, onlyReads, path }: Attempt<Params>,
  work: (params: Params) => Promise<Reply>,
): Promise<Reply> {
  try {
    return await work(params)
  } catch (error) {
    const merged = await survivorOfMissing(context, error)
    if (merged === null || !('id' in params) || params.id !== merged.id) throw error
    const { id, survivor } = merged
    if (onlyReads) throw new ContactMerged(id, survivor)
    return located(await work({ ...params, id: survivor }), path.replace(id, survivor))
  }
}

function located(reply: Reply, path: string): Reply {
  return 'file' in reply ? reply : { ...reply, headers: { ...('headers' in reply ? reply.headers : {}), 'Content-Location': path } }
}
