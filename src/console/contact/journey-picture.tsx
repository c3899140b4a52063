import { type KeyboardEvent, type PointerEvent, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { absoluteTime, channelName, duration, words } from '../shared/format.ts'
import { text } from '../shared/text.ts'
import type { JourneyQuery } from '../generated/operations.ts'
import { clustered, ticks, type TimeRange, timeScale } from './journey-scale.ts'
import { isTicket, Tickets, type TipLine } from './journey-tickets.tsx'

type Journey = NonNullable<JourneyQuery['contact']>['journey']
type Entry = Journey['entries']['nodes'][number]

const laneHeight = 34
const top = 30
const left = 92
const gap = 9

interface PictureProps {
  readonly journey: Journey
  readonly tickets: NonNullable<JourneyQuery['contact']>['tickets']['nodes']
  readonly zone: string | null
}

/**
 * A time axis from the first contact to today. Stages are bands in the background; each channel has a lane with inbound marks above and
 * outbound marks below its line; stage, consent and block changes and milestones have lanes of flags, and a
 * ticket is a bar. Drag to zoom, double click to reset.
 */
export function JourneyPicture({ journey, tickets, zone }: PictureProps) {
  const frame = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(640)
  const [zoom, setZoom] = useState<TimeRange | null>(null)
  const [drag, setDrag] = useState<readonly [number, number] | null>(null)
  const [read, setRead] = useState<{ readonly x: number; readonly y: number; readonly lines: readonly TipLine[] } | null>(null)
  useLayoutEffect(() => {
    const element = frame.current
    if (element === null) return
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.max(240, entry.contentRect.width)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const entries = journey.entries.nodes
  const whole = useMemo<TimeRange>(() => {
    const times = entries.map(({ occurredAt }) => Date.parse(occurredAt))
    const [from, to] = [Math.min(...times), Date.now()]
    const margin = Math.max((to - from) * 0.02, 3_600_000)
    return { from: from - margin, to: to + margin }
  }, [entries])
  const range = zoom ?? whole
  const plot = width - left - 8
  const x = timeScale(range, plot)
  const lanes = [
    ...new Set(entries.flatMap(({ channel, direction }) => (channel === null || direction === null ? [] : [channel]))),
  ].toSorted()
  const inRange = entries.filter(({ occurredAt }) => Date.parse(occurredAt) >= range.from && Date.parse(occurredAt) <= range.to)
  const flagLanes = [
    {
      name: text.journey.milestones,
      entries: inRange.filter(
        ({ direction, type, referenceId }) => direction === null && type === 'MILESTONE' && tickets.every(({ id }) => id !== referenceId),
      ),
    },
    { name: text.journey.changes, entries: inRange.filter(({ direction, type }) => direction === null && type !== 'MILESTONE') },
  ]
  const flagsTop = top + lanes.length * laneHeight
  const ticketsTop = flagsTop + flagLanes.length * laneHeight
  const height = ticketsTop + (tickets.length === 0 ? 0 : laneHeight) + 26
  const marksOf = (list: readonly Entry[]) => clustered(list, ({ occurredAt }) => x(Date.parse(occurredAt)), gap)
  const positionOf = (event: PointerEvent<SVGSVGElement>): number =>
    Math.min(plot, Math.max(0, event.clientX - event.currentTarget.getBoundingClientRect().left - left))
  const endDrag = (): void => {
    if (drag !== null && Math.abs(drag[0] - drag[1]) > 12) {
      const [start, end] = [Math.min(...drag), Math.max(...drag)]
      const at = (position: number) => range.from + (position / plot) * (range.to - range.from)
      setZoom({ from: at(start), to: at(end) })
    }
    setDrag(null)
  }
  const walk = (event: KeyboardEvent<SVGGElement>): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0) return
    const all = [...(frame.current?.querySelectorAll<SVGGElement>('g.mark') ?? [])]
    all[all.indexOf(event.currentTarget) + step]?.focus()
    event.preventDefault()
  }
  const mark = (entry: { readonly x: number; readonly entries: readonly Entry[] }, y: number, kind: string) => {
    const [first] = entry.entries
    if (first === undefined) return null
    const lines = entry.entries.map(({ type, referenceId, title, occurredAt }) => ({
      key: referenceId + occurredAt + type,
      title,
      time: absoluteTime(occurredAt, zone),
    }))
    const show = () => setRead({ x: entry.x, y, lines })
    return (
      <g
        key={`${kind} ${first.referenceId} ${first.occurredAt}`}
        className={`mark ${kind}${entry.entries.every(isFailed) ? ' failed' : ''}`}
        transform={`translate(${entry.x} ${y})`}
        tabIndex={0}
        role="img"
        aria-label={
          entry.entries.length === 1
            ? `${first.title}, ${absoluteTime(first.occurredAt, zone)}`
            : text.journey.entries(entry.entries.length)
        }
        onPointerEnter={show}
        onFocus={show}
        onPointerLeave={() => setRead(null)}
        onBlur={() => setRead(null)}
        onKeyDown={walk}
      >
        {kind === 'flag' && entry.entries.length === 1 ? (
          <path d="M-4 5V-5L5 -1L-3 2V5Z" />
        ) : (
          <circle r={entry.entries.length === 1 ? 4 : 6} />
        )}
        {entry.entries.length > 1 && <text dy="3">{entry.entries.length > 99 ? '99+' : entry.entries.length}</text>}
      </g>
    )
  }
  return (
    <div className="journey" ref={frame}>
      {zoom !== null && (
        <button type="button" className="plain" onClick={() => setZoom(null)}>
          {text.journey.whole}
        </button>
      )}
      <svg
        width={width}
        height={height}
        role="group"
        aria-label={text.contact.tabs.journey}
        onPointerDown={(event) => setDrag([positionOf(event), positionOf(event)])}
        onPointerMove={(event) => drag !== null && setDrag([drag[0], positionOf(event)])}
        onPointerUp={endDrag}
        onPointerCancel={() => setDrag(null)}
        onDoubleClick={() => setZoom(null)}
      >
        <g transform={`translate(${left} 0)`}>
          {journey.stages.map(({ stage, enteredAt, leftAt, durationSeconds }) => {
            const from = Math.max(0, x(Date.parse(enteredAt)))
            const to = Math.min(plot, leftAt === null ? plot : x(Date.parse(leftAt)))
            if (to <= 0 || from >= plot || to - from < 1) return null
            return (
              <g key={`${stage} ${enteredAt}`} className={`band ${stage.toLowerCase()}`}>
                <rect x={from} y={0} width={to - from} height={height - 22} />
                {to - from > 56 && (
                  <text x={from + 6} y={15}>
                    {words(stage)} {to - from > 110 && duration(durationSeconds)}
                  </text>
                )}
              </g>
            )
          })}
          {ticks(range, Math.max(2, Math.floor(plot / 90))).map((time) => (
            <g key={time} className="tick" transform={`translate(${x(time)} 0)`}>
              <line y1={top - 6} y2={height - 22} />
              <text y={height - 6} textAnchor="middle">
                {new Date(time).toLocaleDateString('en-GB', {
                  day: 'numeric',
                  month: 'short',
                  ...(range.to - range.from > 3e10 && { year: '2-digit' }),
                })}
              </text>
            </g>
          ))}
          {lanes.map((channel, lane) => {
            const y = top + lane * laneHeight + laneHeight / 2
            const touches = inRange.filter((entry) => entry.channel === channel && entry.direction !== null)
            return (
              <g key={channel} className="lane">
                <line x2={plot} y1={y} y2={y} />
                <text x={-8} y={y + 4} textAnchor="end">
                  {channelName(channel)}
                </text>
                {marksOf(touches.filter(({ direction }) => direction === 'INBOUND')).map((item) => mark(item, y - 8, 'inbound'))}
                {marksOf(touches.filter(({ direction }) => direction === 'OUTBOUND')).map((item) => mark(item, y + 8, 'outbound'))}
              </g>
            )
          })}
          {flagLanes.map(({ name, entries: flags }, index) => {
            const y = flagsTop + index * laneHeight + laneHeight / 2
            return (
              <g key={name} className="lane">
                <text x={-8} y={y + 4} textAnchor="end">
                  {name}
                </text>
                {marksOf(flags).map((item) => mark(item, y, 'flag'))}
              </g>
            )
          })}
          {tickets.length > 0 && (
            <g className="lane">
              <text x={-8} y={ticketsTop + laneHeight / 2 + 4} textAnchor="end">
                {text.journey.tickets}
              </text>
              <Tickets
                tickets={tickets.filter(isTicket)}
                range={range}
                plot={plot}
                x={x}
                top={ticketsTop}
                zone={zone}
                onRead={setRead}
                onKeyDown={walk}
              />
            </g>
          )}
          {drag !== null && <rect className="brush" x={Math.min(...drag)} y={0} width={Math.abs(drag[0] - drag[1])} height={height - 22} />}
        </g>
      </svg>
      {read !== null && (
        <div className="tip" role="status" style={{ left: Math.max(0, Math.min(read.x + left, width - 320)), top: read.y + 14 }}>
          {read.lines.slice(0, 5).map(({ key, title, time }) => (
            <p key={key}>
              {title} <span className="soft">{time}</span>
            </p>
          ))}
          {read.lines.length > 5 && <p className="soft">{text.journey.andMore(read.lines.length - 5)}</p>}
        </div>
      )}
    </div>
  )
}

/** A message that did not arrive, or a call that was not answered. */
function isFailed({ detail }: Entry): boolean {
  return detail !== null && /^(?:failed|busy|missed|no answer)/i.test(detail)
}
