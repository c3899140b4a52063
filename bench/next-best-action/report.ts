import { naive, type Result } from './play.ts'

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** The standard error of a mean. */
const error = (values: readonly number[]) =>
  values.length < 2 ? 0 : Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)) / (values.length - 1))

/** What one result says in one line. */
export interface Line {
  readonly world: string
  readonly contacts: number
  readonly messages: number
  readonly replyRate: number
  readonly bestNaive: string
  /** Ours divided by the naive policy that did best, and its standard error. */
  readonly ratio: number
  readonly ratioError: number
  /** Ours divided by the Bayes-optimal policy; null where that cannot be computed. */
  readonly ofBayes: number | null
  readonly calibrationError: number
}

export function lineOf({ world, contacts, messages, replyRates, calibrationError, ofBayes }: Result): Line {
  const ours = replyRates['ours'] ?? []
  const names = Object.keys(naive).toSorted((one, other) => mean(replyRates[other] ?? []) - mean(replyRates[one] ?? []))
  const bestNaive = names[0] ?? ''
  const best = replyRates[bestNaive] ?? []
  const ratios = ours.map((rate, index) => rate / (best[index] ?? rate))
  return {
    world,
    contacts,
    messages,
    replyRate: mean(ours),
    bestNaive,
    ratio: mean(ours) / mean(best),
    ratioError: error(ratios),
    ofBayes: ofBayes.length === 0 ? null : mean(ofBayes),
    calibrationError,
  }
}

/** The report as Markdown. */
export function reportOf(results: readonly Result[], command: string, date: string): string {
  const sizes = [...new Set(results.map(({ contacts }) => contacts))].toSorted((one, other) => other - one)
  const sections = sizes.map((contacts) => {
    const lines = results.filter((result) => result.contacts === contacts)
    const seeds = lines[0]?.replyRates['ours']?.length ?? 0
    return `## ${contacts.toLocaleString('en')} contacts, ${seeds} seeds\n\n${table(lines.map(lineOf))}`
  })
  return `# Next best action: the model in simulated worlds

Worlds with hidden habits (\`test/support/simulation/worlds.ts\`): three channels, reply rates and answering times of each contact, and a past
of 5, 30 or 90 messages by a random policy. Every policy sees the same past and names channel, weekday and hour for each contact; the reply
rate is the true chance of an answer there. The model has no constant of a world. The Bayes-optimal policy knows how a world draws its contacts
and who answered what; it is computed for at most 500 contacts of a seed. The naive policies are: ${Object.keys(naive).join(', ')}.
± is the standard error over the seeds. Written by \`${command}\` on ${date}.

![Ours divided by the best naive policy](worlds.svg)

${sections.join('\n\n')}
`
}

function table(lines: readonly Line[]): string {
  const head = ['world', 'messages', 'reply rate', '× best naive', 'which one', 'of Bayes-optimal', 'calibration error']
  const rows = lines.map((line) => [
    line.world,
    line.messages,
    line.replyRate.toFixed(3),
    `${line.ratio.toFixed(3)} ± ${line.ratioError.toFixed(3)}`,
    line.bestNaive,
    line.ofBayes === null ? '' : `${(100 * line.ofBayes).toFixed(1)} %`,
    line.calibrationError.toFixed(3),
  ])
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
