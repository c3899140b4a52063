import type { Contact } from '../../data/generated/client.ts'
import type { Precondition } from '../../domain/contacts/revision.ts'

/** The header that an answer about a contact carries: its tag stands for `data`, which changes with the revision. */
export function entityTag({ revision }: Pick<Contact, 'revision'>): { readonly ETag: string } {
  return { ETag: `"${revision}"` }
}

/** What `If-Match` demands of a contact: one of the revisions that it names. `*` and no header demand nothing. */
export function ifMatch(header: string | null): Precondition[] {
  if (header === null || header.trim() === '*') return []
  return [{ field: 'If-Match', revisions: tagsOf(header).map(Number) }]
}

/** Whether `If-None-Match` names the tag of an answer, so that the client has it already. */
export function isNotModified(header: string | null, tag: string | null): boolean {
  if (header === null || tag === null) return false
  return header.trim() === '*' || tagsOf(header).some((known) => tagsOf(tag).includes(known))
}

/**
 * The revisions in a list of tags. Proxies that compress an answer mark its tag as weak (`W/"7"`) or append the encoding (`"7-gzip"`, `"7;br"`);
 * the revision is the same.
 */
function tagsOf(header: string): string[] {
  return [...header.matchAll(/(?:W\/)?"(\d{1,10})(?:[-;:+.][^"]*)?"/g)].map(([, revision = '']) => revision)
}
