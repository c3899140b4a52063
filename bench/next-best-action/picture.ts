import type { Line } from './report.ts'

const row = 26
const left = 190
const panel = 260
const gap = 24
const top = 54
/** The ratios between which a panel is drawn. */
const [low, high] = [0.8, 1.8]
const colours: Readonly<Record<number, string>> = { 5: '#8fb8de', 30: '#3f7cac', 90: '#1b3a57' }

/** Draws, for each world and size of organization, ours divided by the best naive policy. */
export function pictureOf(lines: readonly Line[]): string {
  const worlds = [...new Set(lines.map(({ world }) => world))]
  const sizes = [...new Set(lines.map(({ contacts }) => contacts))].toSorted((one, other) => other - one)
  const width = left + sizes.length * (panel + gap)
  const height = top + worlds.length * row + 24
  const at = (size: number, ratio: number) =>
    left + sizes.indexOf(size) * (panel + gap) + ((Math.min(Math.max(ratio, low), high) - low) / (high - low)) * panel
  const y = (world: string) => top + worlds.indexOf(world) * row + row / 2
  const axes = sizes.flatMap((size) => [
    text(at(size, low), 18, `${size.toLocaleString('en')} contacts`, 'font-weight="bold"'),
    ...[0.8, 1, 1.2, 1.4, 1.6, 1.8].flatMap((tick) => [
      `<line x1="${at(size, tick)}" x2="${at(size, tick)}" y1="${top - 6}" y2="${height - 24}" stroke="${tick === 1 ? '#444' : '#ddd'}"/>`,
      text(at(size, tick), top - 12, tick.toFixed(1), 'text-anchor="middle" fill="#666"'),
    ]),
  ])
  const names = worlds.map((world) => text(left - 10, y(world) + 4, world, 'text-anchor="end"'))
  const dots = lines.map(
    ({ world, contacts, messages, ratio }) =>
      `<circle cx="${at(contacts, ratio).toFixed(1)}" cy="${y(world)}" r="5" fill="${colours[messages] ?? '#999'}"><title>${messages} messages: ${ratio.toFixed(3)}</title></circle>`,
  )
  const legend = Object.entries(colours).flatMap(([messages, colour], index) => [
    `<circle cx="${left + 10 + index * 130}" cy="${height - 9}" r="5" fill="${colour}"/>`,
    text(left + 20 + index * 130, height - 5, `${messages} messages each`),
  ])
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
<title>Reply rate of the model divided by that of the best naive policy</title>
${[...axes, ...names, ...dots, ...legend].join('\n')}
</svg>
`
}

function text(x: number, y: number, content: string, more = ''): string {
  return `<text x="${x}" y="${y}" ${more}>${content}</text>`
}
