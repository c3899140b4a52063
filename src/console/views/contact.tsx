import * as Tabs from '@radix-ui/react-tabs'
import { useRef, useState } from 'react'
import { useQuery, useSubscription } from 'urql'
import { Link, useLocation } from 'wouter'
import { Caps } from '../contact/caps.tsx'
import { ContactActions } from '../contact/contact-actions.tsx'
import { Engagement } from '../contact/engagement.tsx'
import { Identity } from '../contact/identity.tsx'
import { JourneyTab } from '../contact/journey.tsx'
import { Ledger } from '../contact/ledger.tsx'
import { MayWe } from '../contact/may-we.tsx'
import { NextActions } from '../contact/next-actions.tsx'
import { Notes } from '../contact/notes.tsx'
import { type Cell, Preferences } from '../contact/preferences.tsx'
import { type Shown, TimelineTab } from '../contact/timeline.tsx'
import { lastList } from '../contacts/list-state.ts'
import { ContactDocument } from '../generated/documents/Contact.ts'
import { TimelineAddedDocument } from '../generated/documents/TimelineAdded.ts'
import { clockIn, words } from '../shared/format.ts'
import { useKeys } from '../shared/keyboard.ts'
import { Empty, Failure, Skeleton } from '../shared/states.tsx'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'

interface ContactViewProps {
  readonly id: string
  readonly scopes: readonly string[]
  readonly credential: string
}

export function ContactView({ id, scopes, credential }: ContactViewProps) {
  const [{ data, error, fetching }, refresh] = useQuery({ query: ContactDocument, variables: { id } })
  const [tab, setTab] = useState('timeline')
  const [shown, setShown] = useState<Shown | null>(null)
  const [writing, setWriting] = useState<object | null>(null)
  const [cell, setCell] = useState<Cell | null>(null)
  const [, navigate] = useLocation()
  const reload = () => refresh({ requestPolicy: 'network-only' })
  const mayWe = useRef<HTMLElement>(null)
  useSubscription({ query: TimelineAddedDocument, variables: { id } }, (_previous, event) => {
    refresh({ requestPolicy: 'network-only' })
    return event
  })
  const writeNote = (): void => {
    setTab('notes')
    setWriting({})
  }
  useKeys({
    Escape: () => navigate(lastList()),
    n: writeNote,
    m: () => mayWe.current?.querySelector<HTMLElement>('button')?.focus(),
  })
  if (!data && fetching) {
    return (
      <main className="page">
        <Skeleton lines={10} />
      </main>
    )
  }
  const contact = data?.contact
  if (!contact) {
    return (
      <main className="page">
        <Link href={lastList()}>‹ {text.contact.back}</Link>
        {error ? <Failure error={error} retry={() => refresh({ requestPolicy: 'network-only' })} /> : <Empty>{text.contact.missing}</Empty>}
      </main>
    )
  }
  const definitions = data.attributeDefinitions
  const canWrite = scopes.includes('contacts:write')
  return (
    <main className="page contact-page">
      <header className="contact-header">
        <Link href={lastList()}>‹ {text.contact.back}</Link>
        <h1>{contact.displayName}</h1>
        <span className="soft">
          {words(contact.lifecycleStage)}
          {contact.timezone !== null && ` · ${contact.timezone} ${clockIn(contact.timezone)}`}
        </span>
        {contact.isBlocked && <span className="badge danger">{text.contact.blocked}</span>}
        {contact.block && (
          <span className="soft">
            {[contact.block.reason, contact.block.blockedBy].filter((part) => part !== null).join(' · ')}
            {' · '}
            <Time at={contact.block.blockedAt} zone={contact.timezone} />
          </span>
        )}
        <span className="spacer" />
        <ContactActions
          contact={contact}
          definitions={definitions}
          scopes={scopes}
          credential={credential}
          onNote={writeNote}
          onChanged={reload}
        />
      </header>
      {error && <Failure error={error} retry={() => refresh({ requestPolicy: 'network-only' })} />}
      <NextActions
        suggestions={contact.nextBestActions}
        zone={contact.timezone}
        canWrite={canWrite}
        onShow={(subjectId) => {
          setTab('timeline')
          setShown({ id: subjectId })
        }}
        onChanged={reload}
      />
      <div className="columns">
        <aside>
          <Identity contact={contact} definitions={definitions} canMerge={scopes.includes('contacts:merge')} onChanged={reload} />
        </aside>
        <section>
          <Tabs.Root
            value={tab}
            onValueChange={(next) => {
              setTab(next)
              setWriting(null)
            }}
          >
            <Tabs.List className="tabs" aria-label={contact.displayName}>
              {Object.entries(text.contact.tabs).map(([name, label]) => (
                <Tabs.Trigger key={name} value={name}>
                  {label}
                </Tabs.Trigger>
              ))}
            </Tabs.List>
            <Tabs.Content value="timeline">
              <TimelineTab id={id} first={contact.timeline} zone={contact.timezone} shown={shown} onChoose={() => setShown(null)} />
            </Tabs.Content>
            <Tabs.Content value="journey">
              <JourneyTab id={id} zone={contact.timezone} />
            </Tabs.Content>
            <Tabs.Content value="notes">
              <Notes id={id} notes={contact.notes.nodes} canWrite={canWrite} writing={writing} onChanged={reload} />
            </Tabs.Content>
          </Tabs.Root>
        </section>
        <aside>
          <MayWe contact={contact} sectionRef={mayWe} onLedger={(channel, topicId) => setCell({ channel, topicId })} />
          <Preferences contact={contact} onOpen={setCell} />
          <Caps caps={contact.frequencyCaps} zone={contact.timezone} />
          <Engagement engagement={contact.profile.engagement} />
        </aside>
      </div>
      <Ledger contact={contact} cell={cell} canWrite={canWrite} onClose={() => setCell(null)} onChanged={reload} />
    </main>
  )
}
