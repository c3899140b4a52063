import { learnDelays } from '../../../src/domain/next-best-action/answer-delays.ts'
import { evidenceHalfLifeDays, evidenceOf } from '../../../src/domain/next-best-action/evidence.ts'
import type { Habits } from '../../../src/domain/next-best-action/habits.ts'
import { learnHabits } from '../../../src/domain/next-best-action/learn-habits.ts'
import { type ReplyChances, replyChances } from '../../../src/domain/next-best-action/reply-chances.ts'
import type { Try } from '../../../src/domain/next-best-action/try.ts'
import { type Choice, type Policy } from './judge.ts'
import { hourOf, triesOf, weekdayOf } from './policies.ts'
import { channels, hoursOfDay, type WorldChannel, worldNow } from './worlds.ts'
import { uninterrupted } from '../uninterrupted.ts'

const now = new Date(worldNow)
const clock = (at: Date) => ({ weekday: weekdayOf(at.getTime()), hour: hourOf(at.getTime()) })

/** Sooner than this no person answers, in milliseconds: the same limits as in the gateway's statement. */
const fastest = (channel: WorldChannel) => (channel === 'email' ? 30_000 : 5000)

/** How many contacts the gateway learns an organization's habits from. */
const learnedFrom = 600

/** The model of the gateway, as it is used there. @param halfLifeDays Infinity switches its decay off */
export function ours(halfLifeDays: number = evidenceHalfLifeDays): Policy {
  return (contacts) => {
    const tries = contacts.map(({ past }) =>
      triesOf(past, (channel, sentAt, answeredAt, isFlagged) => isFlagged || answeredAt - sentAt < fastest(channel)),
    )
    const delays = learnDelays(tries.slice(0, learnedFrom).flat(), now)
    const evidence = tries.map((past) => evidenceOf(past, { now, clock, delays, halfLifeDays }))
    const habits = { ...uninterrupted(learnHabits(evidence.slice(0, learnedFrom), delays)), counts: countsOf(tries.flat()) }
    return evidence.map((known) => bestOf(replyChances(known, habits)))
  }
}

function countsOf(tries: readonly Try[]): Habits['counts'] {
  return new Map(
    channels.map((channel) => {
      const sent = tries.filter((one) => one.channel === channel)
      return [channel, { sent: sent.length, answered: sent.filter(({ answeredAt }) => answeredAt !== null).length }]
    }),
  )
}

/** As in the gateway: the best time of each channel, and the channel that is best at its own. */
function bestOf(chances: ReplyChances): Choice {
  let best = { channel: 0, weekday: 0, hour: 0, chance: -1 }
  for (const [channel, name] of channels.entries()) {
    let [time, value] = [{ ...best, channel }, -1]
    for (let weekday = 0; weekday < 7; weekday += 1)
      for (let hour = 0; hour < hoursOfDay; hour += 1) {
        const worth = chances.worthAt(name, weekday, hour)
        if (worth > value) [time, value] = [{ channel, weekday, hour, chance: chances.at(name, weekday, hour).expected }, worth]
      }
    if (time.chance > best.chance) best = time
  }
  return best
}
