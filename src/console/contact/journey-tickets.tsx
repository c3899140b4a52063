import type { KeyboardEvent } from 'react'
import type { JourneyQuery } from '../generated/operations.ts'
import { absoluteTime, words } from '../shared/format.ts'
import { text } from '../shared/text.ts'
import { inRows, type TimeRange } from './journey-scale.ts'

type Node = NonNullable<JourneyQuery['contact']>['tickets']['nodes'][number]
type Ticket = Extract<Node, { closedAt: unknown }>

/** A line of what the pointer reads. */
export interface TipLine {
  readonly key: string
  readonly title: string
  readonly time: string
}

interface TicketsProps {
  readonly tickets: readonly Ticket[]
  readonly range: TimeRange
  readonly plot: number
  readonly x: (time: number) => number
  readonly top: number
  readonly zone: string | null
  readonly onRead: (tip: { readonly x: number; readonly y: number; readonly lines: readonly TipLine[] } | null) => void
  readonly onKeyDown: (event: KeyboardEvent<SVGGElement>) => void
}

const rows = 3
const rowHeight = 10

export function isTicket(node: Node): node is Ticket {
  return 'closedAt' in node
}

/** Each ticket is a bar from its opening to its end, or to now. Those that overlap lie below each other. */
export function Tickets({ tickets, range, plot, x, top, zone, onRead, onKeyDown }: TicketsProps) {
  const bars = tickets
    .map((ticket) => ({
      ticket,
      from: Date.parse(ticket.occurredAt),
      to: ticket.closedAt === null ? Date.now() : Date.parse(ticket.closedAt),
    }))
    .filter(({ from, to }) => to >= range.from && from <= range.to)
  return inRows(bars, rows).map(({ bar: { ticket, from, to }, row }) => {
    const left = Math.max(0, x(from))
    const width = Math.max(6, Math.min(plot, x(to)) - left)
    const opened = absoluteTime(ticket.occurredAt, zone)
    const time =
      ticket.closedAt === null ? text.journey.openSince(opened) : text.journey.fromTo(opened, absoluteTime(ticket.closedAt, zone))
    const y = top + 3 + row * rowHeight
    const show = () => onRead({ x: left, y, lines: [{ key: ticket.id, title: `${ticket.title} · ${words(ticket.ticketStatus)}`, time }] })
    return (
      <g
        key={ticket.id}
        className={`mark ticket${ticket.closedAt === null ? ' open' : ''}`}
        tabIndex={0}
        role="img"
        aria-label={`${ticket.title}, ${words(ticket.ticketStatus)}, ${time}`}
        onPointerEnter={show}
        onFocus={show}
        onPointerLeave={() => onRead(null)}
        onBlur={() => onRead(null)}
        onKeyDown={onKeyDown}
      >
        <rect x={left} y={y} width={width} height={rowHeight - 2} rx="3" />
      </g>
    )
  })
}
