import { type Precondition, RevisionConflict } from '../../../domain/contacts/revision.ts'
import { meanings } from '../../error-catalog.ts'
import { builder } from './builder.ts'
import { Contact } from './contacts.ts'
import { ErrorInterface } from './errors.ts'
import type { InputFields } from './mutations.ts'

builder.objectType(RevisionConflict, {
  name: 'RevisionConflict',
  interfaces: [ErrorInterface],
  description: meanings.REVISION_CONFLICT.when,
  fields: (t) => ({
    current: t.field({
      type: Contact,
      nullable: false,
      description: 'The contact in its current state.',
      resolve: ({ current }) => current,
    }),
  }),
})

/** The input with which a mutation of one contact is made conditional. */
export function ifRevisionField(t: InputFields) {
  return {
    ifRevision: t.int({
      description:
        'The `revision` that the contact must have; if it has another one, nothing changes and the answer is `RevisionConflict`. Default: any.',
    }),
  }
}

/** What the input demands of the contact. */
export function preconditionsOf({ ifRevision }: { readonly ifRevision?: number | null | undefined }): Precondition[] {
  return typeof ifRevision === 'number' ? [{ field: 'ifRevision', revisions: [ifRevision] }] : []
}
