import type { CapFragment, ContactQuery } from '../generated/operations.ts'
import { channelName, duration } from '../shared/format.ts'
import { Empty } from '../shared/states.tsx'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'

type AllCaps = NonNullable<ContactQuery['contact']>['frequencyCaps']

/** One bar for each rule: used of the limit, and when the next slot frees. */
export function Caps({ caps, zone }: { readonly caps: AllCaps; readonly zone: string | null }) {
  const all = [...caps.globalCaps, ...caps.groupedByChannel.flatMap(({ rules }) => rules)]
  return (
    <section className="panel" aria-labelledby="caps-heading">
      <h2 id="caps-heading">{text.contact.caps}</h2>
      {all.length === 0 && <Empty>{text.contact.noCaps}</Empty>}
      {all.map((cap) => (
        <Cap key={cap.rule.id} cap={cap} zone={zone} />
      ))}
    </section>
  )
}

function Cap({ cap, zone }: { readonly cap: CapFragment; readonly zone: string | null }) {
  const { used, resetsAt } = cap.usage
  return (
    <div className="cap">
      <p className="line">
        {cap.name}
        <span className="spacer" />
        <span className="number">
          {used} / {cap.limit}
        </span>
      </p>
      <meter
        className={used >= cap.limit ? 'full' : undefined}
        min={0}
        max={cap.limit}
        value={used}
        aria-label={text.caps.used(cap.name, used, cap.limit)}
      />
      <p className="soft">
        {text.caps.within(
          cap.channel === null ? text.organization.caps.allChannels : channelName(cap.channel),
          duration(cap.windowSeconds),
        )}
        {used >= cap.limit && resetsAt !== null && (
          <>
            {text.caps.free} <Time at={resetsAt} zone={zone} />
          </>
        )}
      </p>
    </div>
  )
}
