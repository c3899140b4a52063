import { UnmergeContactsDocument } from '../generated/documents/Mutations.ts'
import type { ContactQuery } from '../generated/operations.ts'
import { ActionError, useAction } from '../shared/action.tsx'
import { relativeTime } from '../shared/format.ts'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'

type Contact = NonNullable<ContactQuery['contact']>

interface MergesProps {
  readonly merges: Contact['mergedFrom']
  readonly canMerge: boolean
  readonly onChanged: () => void
}

/** The merges of a contact, each of which can be taken back for 30 days. */
export function Merges({ merges, canMerge, onChanged }: MergesProps) {
  const unmerge = useAction(UnmergeContactsDocument)
  if (merges.length === 0) return null
  const run = async (mergeId: string): Promise<void> => {
    if ((await unmerge.run({ input: { mergeId } })) !== null) onChanged()
  }
  return (
    <>
      <h3>{text.merge.merged}</h3>
      <ActionError action={unmerge} />
      <ul className="plain-list">
        {merges.map(({ mergeId, fromIds, mergedAt, mergedBy, reversibleUntil }) => (
          <li key={mergeId} className="entry">
            {text.merge.from(fromIds.length)} <span className="soft">{mergedBy}</span> <Time at={mergedAt} />
            {canMerge && mergeId !== null && Date.parse(reversibleUntil) > Date.now() && (
              <p className="line">
                <button type="button" disabled={unmerge.isBusy} onClick={() => void run(mergeId)}>
                  {text.merge.unmerge}
                </button>
                <span className="soft">
                  {text.imports.rollbackUntil} {relativeTime(reversibleUntil)}
                </span>
              </p>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
