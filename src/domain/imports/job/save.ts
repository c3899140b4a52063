import type { Tx } from '../../../data/database.ts'
import type { ImportJob, Prisma } from '../../../data/generated/client.ts'

/** Changes a job. It is read again after that: a statement that changes and returns columns of enumerations does not run on Citus. */
export async function saveJob(
  tx: Tx,
  { organizationId, id }: Pick<ImportJob, 'organizationId' | 'id'>,
  data: Prisma.ImportJobUpdateInput,
): Promise<ImportJob> {
  const where = { organizationId_id: { organizationId, id } }
  await tx.prisma.importJob.update({ where, data, select: { id: true } })
  return tx.prisma.importJob.findUniqueOrThrow({ where })
}
