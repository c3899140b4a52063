import type { ReactNode } from 'react'
import { TableHead } from '../shared/table.tsx'
import { text } from '../shared/text.ts'

export interface Bar {
  readonly label: string
  readonly value: number
  /** What stands at the end of the bar. Default: the value. */
  readonly shown?: string
}

/** Horizontal bars, the longest as long as `most`. Screen readers read the table beside them. */
export function Bars({ bars, most }: { readonly bars: readonly Bar[]; readonly most?: number }) {
  const longest = most ?? Math.max(1, ...bars.map(({ value }) => value))
  return (
    <div className="bars" aria-hidden="true">
      {bars.map(({ label, value, shown }) => (
        <div key={label} className="bar-row">
          <span className="bar-label">{label}</span>
          <svg className="bar-track" height="14" width="100%">
            <rect width={`${(100 * value) / longest}%`} height="14" rx="3" />
          </svg>
          <span className="number bar-value">{shown ?? value.toLocaleString('en')}</span>
        </div>
      ))}
    </div>
  )
}

export interface Stack {
  readonly label: string
  readonly parts: readonly number[]
}

const height = 200
const width = 640
const left = 40
const bottom = 24

/** Columns of parts, one column a week. Each part has the class `series-0`, `series-1`, … */
export function Stacks({ stacks, series }: { readonly stacks: readonly Stack[]; readonly series: readonly string[] }) {
  const tallest = niceMaximum(Math.max(1, ...stacks.map(({ parts }) => parts.reduce((sum, part) => sum + part, 0))))
  const step = (width - left) / Math.max(1, stacks.length)
  const y = (value: number): number => (height * value) / tallest
  return (
    <div aria-hidden="true">
      <ul className="legend">
        {series.map((name, index) => (
          <li key={name}>
            <span className={`swatch series-${index}`} /> {name}
          </li>
        ))}
      </ul>
      <svg viewBox={`0 0 ${width} ${height + bottom + 8}`} width="100%" className="stacks">
        {[0, 0.5, 1].map((share) => (
          <g key={share} className="tick">
            <line x1={left} x2={width} y1={8 + height * (1 - share)} y2={8 + height * (1 - share)} />
            <text x={left - 6} y={12 + height * (1 - share)} textAnchor="end">
              {(tallest * share).toLocaleString('en')}
            </text>
          </g>
        ))}
        {stacks.map(({ label, parts }, column) => {
          let below = 0
          return (
            <g key={label} transform={`translate(${left + column * step} 8)`}>
              {parts.map((part, index) => {
                below += part
                return (
                  <rect
                    key={series[index]}
                    className={`series-${index}`}
                    x={step * 0.15}
                    width={step * 0.7}
                    y={height - y(below)}
                    height={y(part)}
                  >
                    <title>{`${label}, ${series[index] ?? ''}: ${part}`}</title>
                  </rect>
                )
              })}
              {(column % 2 === 0 || stacks.length < 9) && (
                <text x={step / 2} y={height + 16} textAnchor="middle">
                  {label}
                </text>
              )}
            </g>
          )
        })}
      </svg>
    </div>
  )
}

/** The next of 1, 2, 3, 4, 5, 6, 8, 10, 20, … so that half of it is a readable number too. */
function niceMaximum(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const step = [1, 2, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= value) ?? 10
  return Math.max(2, step * power)
}

interface FigureProps {
  readonly heading: string
  readonly note?: string
  readonly children: ReactNode
  readonly table: ReactNode
}

/** A chart, and the same as a table, which screen readers always have. */
export function Figure({ heading, note, children, table }: FigureProps) {
  return (
    <section className="panel figure">
      <h2>{heading}</h2>
      {note !== undefined && <p className="soft">{note}</p>}
      {children}
      <details>
        <summary>{text.contact.asTable}</summary>
        <div className="scroll" tabIndex={0}>
          {table}
        </div>
      </details>
    </section>
  )
}

export function FigureTable({
  caption,
  head,
  rows,
}: {
  readonly caption: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}) {
  return (
    <table>
      <caption>{caption}</caption>
      <TableHead columns={head} />
      <tbody>
        {rows.map(([first = '', ...others]) => (
          <tr key={first}>
            <th scope="row">{first}</th>
            {others.map((value, index) => (
              <td key={head[index + 1]} className="number">
                {value}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
