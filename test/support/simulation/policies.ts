import { chanceOf, type Choice, likeliest, type Policy } from './judge.ts'
import { diceOf } from './random.ts'
import { channels, day, hour, hoursOfDay, type Played, type Simulated, type WorldChannel } from './worlds.ts'

/** A message and whether anything came back before the next one on the channel, as a simple program sees it: machines count as answers. */
export interface Seen {
  readonly channel: number
  readonly weekday: number
  readonly hour: number
  readonly sentAt: number
  readonly answered: boolean
}

export const weekdayOf = (instant: number): number => new Date(instant).getUTCDay()
export const hourOf = (instant: number): number => Math.floor((instant % day) / hour)

export function seen({ past }: Simulated): Seen[] {
  return past.map(({ channel, sentAt, answeredAt, machine }) => ({
    channel,
    weekday: weekdayOf(sentAt),
    hour: hourOf(sentAt),
    sentAt,
    answered: answeredAt !== null || machine !== null,
  }))
}

const tuesday = 2
const at = (channel: number, hour: number): Choice => ({ channel, weekday: tuesday, hour, chance: null })

/** The organization's best channel at 14:00, for everyone. */
export const bestChannelAtTwo: Policy = (contacts) => {
  const choice = at(bestChannel(contacts.map(seen)), 14)
  return contacts.map(() => choice)
}

/** Channel and time of the last message that was answered; the organization's best channel at 14:00 where there was none. */
export const lastAnswered: Policy = (contacts) => {
  const pasts = contacts.map(seen)
  const fallback = at(bestChannel(pasts), 14)
  return pasts.map((past) => {
    const last = past.findLast((one) => one.answered)
    return last === undefined ? fallback : { channel: last.channel, weekday: last.weekday, hour: last.hour, chance: null }
  })
}

/** Night, morning, afternoon and evening, each meant by its middle. */
const dayparts = 4
const daypartOf = (at: number) => Math.floor(at / (hoursOfDay / dayparts))
const middleOf = (daypart: number) => daypart * (hoursOfDay / dayparts) + 3
const cells = channels.length * dayparts
const cellOf = ({ channel, hour }: Seen) => channel * dayparts + daypartOf(hour)
const ofCell = (cell: number) => at(Math.floor(cell / dayparts), middleOf(cell % dayparts))

/** The organization's best channel and part of the day, for everyone; a cell with few messages is drawn towards the mean. */
export const bestDaypart: Policy = (contacts) => {
  const choice = ofCell(largest(organizationRates(contacts.map(seen))))
  return contacts.map(() => choice)
}

/** Each contact's own rate by channel and part of the day, drawn towards the organization's by ten messages. */
export const simpleShrinkage: Policy = (contacts) => {
  const pasts = contacts.map(seen)
  const usual = organizationRates(pasts)
  return pasts.map((past) => {
    const { tries, answers } = count([past])
    const own = usual.map((rate, cell) => ((answers[cell] ?? 0) + 10 * rate) / ((tries[cell] ?? 0) + 10))
    const cell = largest(own)
    return { ...ofCell(cell), chance: own[cell] ?? 0 }
  })
}

/** Any channel and hour. @public the benchmark uses it */
export const atRandom =
  (seed: number): Policy =>
  (contacts) => {
    const dice = diceOf(seed)
    return contacts.map(() => ({ channel: dice.between(0, 2), weekday: dice.between(0, 6), hour: dice.between(0, 23), chance: null }))
  }

/** Knows the truth: for reference. @public the benchmark uses it */
export const oracle: Policy = (contacts) => contacts.map(({ truth }) => likeliest(chanceOf(truth)))

function organizationRates(pasts: readonly (readonly Seen[])[]): number[] {
  const { tries, answers } = count(pasts)
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const mean = (sum(answers) + 1) / (sum(tries) + 10)
  return tries.map((tried, cell) => ((answers[cell] ?? 0) + 10 * mean) / (tried + 10))
}

function count(pasts: readonly (readonly Seen[])[]): { tries: number[]; answers: number[] } {
  const [tries, answers] = [Array.from({ length: cells }, () => 0), Array.from({ length: cells }, () => 0)]
  for (const past of pasts)
    for (const one of past) {
      const cell = cellOf(one)
      tries[cell] = (tries[cell] ?? 0) + 1
      if (one.answered) answers[cell] = (answers[cell] ?? 0) + 1
    }
  return { tries, answers }
}

function bestChannel(pasts: readonly (readonly Seen[])[]): number {
  const all = pasts.flat()
  const rates = channels.map((_, channel) => {
    const sent = all.filter((one) => one.channel === channel)
    return sent.filter((one) => one.answered).length / (sent.length || 1)
  })
  return largest(rates)
}

function largest(values: readonly number[]): number {
  return values.indexOf(Math.max(...values))
}

/** The past as the gateway's statement reads it: an answer belongs to the latest message on its channel before it. */
export function triesOf(
  past: readonly Played[],
  isMachine: (channel: WorldChannel, sentAt: number, answeredAt: number, isFlagged: boolean) => boolean,
) {
  return channels.flatMap((channel, index) => {
    const sent = past.filter((one) => one.channel === index)
    const answers = sent
      .flatMap(({ sentAt, answeredAt, machine }) => [
        ...(answeredAt === null ? [] : [answeredAt]),
        ...(machine === null || isMachine(channel, sentAt, machine.at, machine.isFlagged) ? [] : [machine.at]),
      ])
      .toSorted((one, other) => one - other)
    return sent.map(({ sentAt }, position) => {
      const until = sent[position + 1]?.sentAt ?? Infinity
      const answeredAt = answers.find((instant) => instant >= sentAt && instant < until) ?? null
      return { channel, sentAt: new Date(sentAt), answeredAt: answeredAt === null ? null : new Date(answeredAt) }
    })
  })
}
