import { streamLines } from '../../data/stream.ts'
import { subjectDataLines } from '../../data/sql/subject-data.ts'
import { NotFound } from '../../kernel/errors.ts'
import { prime } from '../../kernel/text-stream.ts'
import { type Context, requireScope } from '../context.ts'

/**
 * Everything that is on record about one person, with where it came from, as the text of one JSON object that is written while it is taken. A deleted
 * contact has subject data as long as it is kept. What is read is what was committed when it began; only so many are read at once, like exports.
 * @returns when it is known that there is such a contact
 * @throws NotFound, TooManyReaders
 */
export async function subjectData(context: Context, contactId: string): Promise<AsyncGenerator<string>> {
  requireScope(context, 'contacts:read')
  const { db, actor } = context
  const { organizationId } = actor
  const contact = await db.prisma.contact.findUnique({
    where: { organizationId_id: { organizationId, id: contactId } },
    select: { mergedIntoId: true },
  })
  const erasing = await db.prisma.erasure.findFirst({ where: { organizationId, contactId, completedAt: null }, select: { id: true } })
  // What was on record about a merged contact is the other one's now.
  if (contact === null || contact.mergedIntoId !== null || erasing !== null) throw new NotFound('contact', contactId)
  return prime(streamLines(db, organizationId, subjectDataLines(organizationId, contactId)))
}
