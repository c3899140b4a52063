import type { Tx } from '../database.ts'
import type { Organization } from '../generated/client.ts'
import { organizationColumns } from './find-organization.ts'

/** The caller's organization, kept from being changed by another transaction until this one ends. @throws TypeError if there is none */
export async function lockOrganization(tx: Tx, id: string): Promise<Organization> {
  // Not the lock that excludes references: contacts go on being written.
  const [organization] = await tx.sql<Organization[]>`
    select ${organizationColumns} from organizations o where o.id = ${id} for no key update`
  if (organization === undefined) throw new TypeError(`There is no organization ${id}.`)
  return organization
}
