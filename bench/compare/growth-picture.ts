export interface Growth {
  readonly title: string
  readonly about: string
  /** How many contacts, the fewest first. */
  readonly sizes: readonly number[]
  /** Each with a value for every size. */
  readonly lines: readonly { readonly label: string; readonly values: readonly number[] }[]
}

const width = 1040
const left = 490
const right = 70
const top = 96
const lineHeight = 30
/** From light to dark: more contacts are darker. Distinguishable without color, too. */
const colors = ['#9ecae1', '#4292c6', '#08306b']
const ticks = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500]

/** A line for each operation and a dot for each size, on a scale where the same growth is the same distance everywhere. */
export function picture({ title, about, sizes, lines }: Growth): string {
  const values = lines.flatMap((line) => line.values)
  const [least, most] = [Math.min(...values) * 0.8, Math.max(...values) * 1.3]
  const x = (value: number) => left + ((Math.log(value) - Math.log(least)) / (Math.log(most) - Math.log(least))) * (width - left - right)
  const bottom = top + lines.length * lineHeight
  const grid = ticks
    .filter((tick) => tick >= least && tick <= most)
    .flatMap((tick) => [
      `<line x1="${x(tick).toFixed(1)}" y1="${top - 8}" x2="${x(tick).toFixed(1)}" y2="${bottom}" stroke="#ddd"/>`,
      text(x(tick), bottom + 18, `${tick} ms`, 'middle'),
    ])
  const legend = sizes.flatMap((size, index) => [
    `<circle cx="${left + 10 + index * 180}" cy="66" r="6" fill="${color(index)}"/>`,
    text(left + 22 + index * 180, 71, `${size.toLocaleString('en')} contacts`),
  ])
  const rows = lines.flatMap((line, row) => {
    const y = top + row * lineHeight + lineHeight / 2
    const places = line.values.map(x)
    const growth = (line.values.at(-1) ?? 0) / (line.values[0] ?? 1)
    return [
      text(left - 14, y + 4, line.label, 'end'),
      `<line x1="${Math.min(...places).toFixed(1)}" y1="${y}" x2="${Math.max(...places).toFixed(1)}" y2="${y}" stroke="#888" stroke-width="2"/>`,
      ...places.map((place, index) => `<circle cx="${place.toFixed(1)}" cy="${y}" r="6" fill="${color(index)}"/>`),
      text(width - 14, y + 4, `× ${growth.toFixed(2)}`, 'end'),
    ]
  })
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 56}" font-family="system-ui, sans-serif" font-size="13" fill="#222">`,
    `<rect width="${width}" height="${bottom + 56}" fill="white"/>`,
    `<text x="14" y="28" font-size="18" font-weight="600">${escaped(title)}</text>`,
    ...legend,
    ...grid,
    ...rows,
    text(14, bottom + 44, about),
    '</svg>',
  ].join('\n')}\n`
}

function color(index: number): string | undefined {
  return colors[Math.min(index, colors.length - 1)]
}

function text(x: number, y: number, content: string, anchor = 'start'): string {
  return `<text x="${x.toFixed(1)}" y="${y}" text-anchor="${anchor}">${escaped(content)}</text>`
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
