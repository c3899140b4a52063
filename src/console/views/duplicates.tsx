import { useState } from 'react'
import { useQuery } from 'urql'
import { Link } from 'wouter'
import { Group } from '../duplicates/group.tsx'
import { lastList } from '../contacts/list-state.ts'
import { DuplicatesDocument } from '../generated/documents/Duplicates.ts'
import { EndOfList } from '../shared/end-of-list.tsx'
import { Segments } from '../shared/segments.tsx'
import { Empty, Failure, Skeleton } from '../shared/states.tsx'
import { text } from '../shared/text.ts'

interface DuplicatesProps {
  readonly canMerge: boolean
  readonly canWrite: boolean
}

const scores = ['0.6', '0.8', '0.9'] as const

/** The contacts that may be one person, by groups, page after page. */
export function DuplicatesView(rights: DuplicatesProps) {
  const [minScore, setMinScore] = useState<(typeof scores)[number]>('0.8')
  return (
    <main className="page">
      <header className="contact-header">
        <Link href={lastList()}>‹ {text.contact.back}</Link>
        <h1>{text.duplicates.heading}</h1>
        <span className="spacer" />
        <span className="soft">{text.duplicates.minScore}</span>
        <Segments
          label={text.duplicates.minScore}
          options={scores}
          value={minScore}
          name={(score) => text.duplicates.percent(Number(score))}
          onChange={setMinScore}
        />
      </header>
      <p className="soft">{text.duplicates.meaning}</p>
      <Page key={minScore} after={null} minScore={Number(minScore)} {...rights} />
    </main>
  )
}

interface PageProps extends DuplicatesProps {
  readonly after: string | null
  readonly minScore: number
}

/** A page of groups, and below it the next one when its end comes into view. */
function Page({ after, minScore, canMerge, canWrite }: PageProps) {
  const [isNextSeen, setIsNextSeen] = useState(false)
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set())
  const [{ data, error, fetching }, refresh] = useQuery({
    query: DuplicatesDocument,
    variables: { after, minScore },
    requestPolicy: 'cache-and-network',
  })
  if (error) return <Failure error={error} retry={() => refresh({ requestPolicy: 'network-only' })} />
  if (!data) return fetching ? <Skeleton lines={6} /> : null
  const { groups, endCursor } = data.duplicateContacts
  // A page may be empty before the end, because what is compared for one is limited.
  const isEnd = endCursor === null
  const shown = groups.filter((group) => !gone.has(nameOf(group.contacts)))
  return (
    <>
      {shown.map((group) => (
        <Group
          key={nameOf(group.contacts)}
          group={group}
          canMerge={canMerge}
          canWrite={canWrite}
          onGone={() => setGone(new Set([...gone, nameOf(group.contacts)]))}
        />
      ))}
      {isEnd && <Empty>{after === null && shown.length === 0 ? text.duplicates.empty : text.duplicates.end}</Empty>}
      {!isEnd && !isNextSeen && <EndOfList label={text.duplicates.loading} onSeen={() => setIsNextSeen(true)} />}
      {!isEnd && isNextSeen && <Page after={endCursor} minScore={minScore} canMerge={canMerge} canWrite={canWrite} />}
    </>
  )
}

function nameOf(contacts: readonly { readonly id: string }[]): string {
  return contacts.map(({ id }) => id).join(' ')
}
