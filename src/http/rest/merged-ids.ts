import { ContactMerged } from '../../domain/contacts/errors.ts'
import { findSurvivor } from '../../domain/contacts/queries.ts'
import { NotFound } from '../../kernel/errors.ts'
import { idKind } from '../../kernel/ids.ts'
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
    const id = 'id' in params && typeof params.id === 'string' ? params.id : ''
    if (!(error instanceof NotFound) || error.details.value !== id || idKind(id) !== 'contact') throw error
    const survivor = await findSurvivor(context, id)
    if (survivor === null) throw error
    if (onlyReads) throw new ContactMerged(id, survivor)
    return located(await work({ ...params, id: survivor }), path.replace(id, survivor))
  }
}

function located(reply: Reply, path: string): Reply {
  return 'file' in reply ? reply : { ...reply, headers: { ...('headers' in reply ? reply.headers : {}), 'Content-Location': path } }
}
