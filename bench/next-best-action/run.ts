// Plays our model against other policies in a simulated world, and writes report.md beside this file.
//   npx tsx bench/next-best-action/run.ts [seeds, 20 if nothing is said]
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  atRandom,
  bayesOptimal,
  judge,
  lastAnswered,
  oracle,
  organizationsBest,
  type Outcome,
  ours,
  type Policy,
  simulate,
} from '../../test/support/simulation.ts'

const seeds = Number(process.argv[2] ?? 20)
const contacts = 2000
const histories = [10, 30, 90]

const standing: Record<string, (seed: number) => Policy> = {
  'Bayes-optimal': () => bayesOptimal,
  ours: () => ours(),
  'ours without decay': () => ours(Infinity),
  'last channel and hour answered': () => lastAnswered,
  'best channel at 14:00': () => organizationsBest,
  random: (seed) => atRandom(seed),
  'oracle (knows the truth)': () => oracle,
}
const drifting = Object.fromEntries(Object.entries(standing).filter(([name]) => name !== 'Bayes-optimal'))

function play(policies: typeof standing, messages: number, drift: boolean): Map<string, Outcome[]> {
  const outcomes = new Map<string, Outcome[]>(Object.keys(policies).map((name) => [name, []]))
  for (let seed = 1; seed <= seeds; seed += 1) {
    const world = simulate({ seed, contacts, messages, drifting: drift })
    for (const [name, policy] of Object.entries(policies)) outcomes.get(name)?.push(judge(world, policy(seed)(world)))
  }
  return outcomes
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const error = (values: readonly number[]) =>
  Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)) / Math.max(values.length - 1, 1))
const of = (outcomes: Map<string, Outcome[]>, name: string, read: (outcome: Outcome) => number) => (outcomes.get(name) ?? []).map(read)
const replyRate = (outcome: Outcome) => outcome.replyRate
const predicts = ['Bayes-optimal', 'ours', 'ours without decay']

function table(outcomes: Map<string, Outcome[]>): string {
  const rows = [...outcomes.keys()].map((name) => {
    const read = (field: (outcome: Outcome) => number, digits = 4) => mean(of(outcomes, name, field)).toFixed(digits)
    const rate = of(outcomes, name, replyRate)
    const calibration = predicts.includes(name) ? [read((one) => one.brier), read((one) => one.calibrationError)] : ['', '']
    return `| ${[name, `${mean(rate).toFixed(4)} ± ${error(rate).toFixed(4)}`, read((one) => one.regret), ...calibration].join(' | ')} |`
  })
  return ['| policy | reply rate | regret | Brier | calibration error |', '|---|---|---|---|---|', ...rows].join('\n')
}

function reliability(outcomes: Map<string, Outcome[]>): string {
  const bins = Array.from({ length: 10 }, (_, index) => {
    const all = (outcomes.get('ours') ?? []).map((outcome) => outcome.reliability[index] ?? { count: 0, predicted: 0, actual: 0 })
    const count = all.reduce((sum, bin) => sum + bin.count, 0)
    const average = (read: (bin: (typeof all)[number]) => number) => all.reduce((sum, bin) => sum + read(bin) * bin.count, 0) / count
    return { index, count, predicted: average((bin) => bin.predicted), actual: average((bin) => bin.actual) }
  })
  const rows = bins
    .filter((bin) => bin.count > 0)
    .map(
      (bin) =>
        `| ${bin.index * 10}–${bin.index * 10 + 10} % | ${bin.count} | ${(bin.predicted * 100).toFixed(1)} % | ${(bin.actual * 100).toFixed(1)} % |`,
    )
  return ['| predicted | choices | on average | true |', '|---|---|---|---|', ...rows].join('\n')
}

const sections: string[] = []
const summary = [
  '| messages each | of Bayes-optimal | times the best naive policy | calibration error | drifting: times without decay |',
  '|---|---|---|---|---|',
]
for (const messages of histories) {
  const still = play(standing, messages, false)
  const drift = play(drifting, messages, true)
  const rate = (outcomes: Map<string, Outcome[]>, name: string) => mean(of(outcomes, name, replyRate))
  const naive = Math.max(...['last channel and hour answered', 'best channel at 14:00', 'random'].map((name) => rate(still, name)))
  const line = [
    messages,
    `${((100 * rate(still, 'ours')) / rate(still, 'Bayes-optimal')).toFixed(1)} %`,
    (rate(still, 'ours') / naive).toFixed(3),
    mean(of(still, 'ours', (outcome) => outcome.calibrationError)).toFixed(4),
    (rate(drift, 'ours') / rate(drift, 'ours without decay')).toFixed(3),
  ]
  summary.push(`| ${line.join(' | ')} |`)
  console.log(summary.at(-1))
  sections.push(
    `## ${messages} messages each\n\n${table(still)}\n\nHow true our predictions are:\n\n${reliability(still)}\n\nIn a world whose habits change half-way:\n\n${table(drift)}`,
  )
}

const head = `# Next best action: the model against other policies

A simulated world (\`test/support/simulation.ts\`): ${contacts.toLocaleString('en')} contacts, three channels, hidden reply rates and answering hours, and a past of 10, 30
or 90 messages by a random policy. Every policy sees the same past and names a channel and an hour for each contact; the reply rate is the
true chance of an answer there. The Bayes-optimal policy knows from what distributions the world was drawn, and is the real ceiling; ours is given
no constant of the world. Means over ${seeds} seeds, ± the standard error; predictions are judged by the true chances. Written by
\`npm run bench\`.

${summary.join('\n')}
`
writeFileSync(join(import.meta.dirname, 'report.md'), [head, ...sections].join('\n') + '\n')
