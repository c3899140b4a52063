import type { Db } from '../data/database.ts'
import { identify } from '../domain/api-keys/queries.ts'
import type { Actor } from '../domain/context.ts'
import { DomainError } from '../kernel/errors.ts'
import type { Clock } from '../kernel/time.ts'

/** The request carries no credential. */
export class Unauthorized extends DomainError {
  constructor() {
    super('UNAUTHORIZED', 'This needs an API key. Send it in the header X-API-Key, or as Authorization: Bearer <key>.')
  }
}

/** Who sends a request, by its `X-API-Key` or its `Authorization: Bearer`. @throws Unauthorized, InvalidApiKey, ExpiredKey */
export async function authenticate(context: { readonly db: Db; readonly now: Clock }, headers: Headers): Promise<Actor> {
  const key = headers.get('x-api-key')?.trim() || bearer(headers.get('authorization'))
  if (key === null) throw new Unauthorized()
  return identify(context, key)
}

function bearer(authorization: string | null): string | null {
  return /^bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1] ?? null
}
