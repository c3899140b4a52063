import type { ContactFilter } from '../generated/operations.ts'

/** Contacts named by id, or all that a filter matches. */
export type Selection = { readonly ids: readonly string[] } | { readonly filter: ContactFilter; readonly count: number }
