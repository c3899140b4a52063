import { answerPatienceDays } from '../next-best-action/answer-delays.ts'
import { memoryDays, mostAttempts } from '../next-best-action/queries.ts'
import type { Channel } from '../../data/generated/client.ts'
import type { ChannelEvidence, Evidence } from '../../data/sql/find-evidence.ts'

/** What the evidence is gathered by, in days. */
export const gathering = { horizon: memoryDays, halfLife: 90, patience: answerPatienceDays, recent: 90, most: mostAttempts } as const

const mostRecency = 40
const mostFrequency = 30
const mostReplies = 30
/** After how many days of silence half of the recency is gone. */
const silence = 30
/** How many recent acts make half of the frequency. */
const habit = 8

/** How engaged a contact is with the organization. */
export interface Engagement {
  /** 0 to 100: the sum of the three parts. */
  readonly score: number
  /** 0 to 40: how lately the contact did something itself. */
  readonly recency: number
  /** 0 to 30: how often it did something itself within 90 days. */
  readonly frequency: number
  /** 0 to 30: how much of what could be answered it answered within a year. */
  readonly replies: number
  /** The share of what could be answered that was, 0 to 1; null if nothing was sent. */
  readonly replyRate: number | null
  /** The same by channel, the busiest first; channels on which nothing was sent are absent. */
  readonly replyRates: readonly ReplyRate[]
  /** Where the contact itself speaks most; null if it never spoke. */
  readonly preferredChannel: Channel | null
  /** The hour of the day, 0 to 23, around which the contact speaks most; null if it never spoke. */
  readonly bestLocalHour: number | null
  /** The IANA time zone of that hour: the contact's own, or UTC if that is unknown. */
  readonly timezone: string
  readonly firstSeenAt: Date | null
  readonly lastSeenAt: Date | null
}

export interface ReplyRate {
  readonly channel: Channel
  readonly sent: number
  readonly replied: number
  /** 0 to 1. */
  readonly rate: number
}

/**
 * Judges an engagement by its evidence. With d the days since the contact last did something itself, n how often it did so within 90
 * days, and of s messages and calls that could be answered within a year r that were:
 *
 * - recency = 40 · 2^(−d/30), 0 if it never did anything: half of it is gone after a month of silence
 * - frequency = 30 · (1 − 2^(−n/8)): eight acts make half of it, and more make ever less difference
 * - replies = 30 · r / (s + 1): the one that was never sent keeps a single answer from looking like a habit
 *
 * Each part is rounded, and the score is their sum. The preferred channel is the one where the contact spoke most within a year,
 * a word counting half after 90 days; of equals the one with the better reply rate, then the first by name. The best hour is the
 * one that has most, with half of what its two neighbours have, of those same words; of equals the earliest.
 */
export function judgeEngagement(evidence: Evidence, now: Date): Engagement {
  const { channels, firstSeenAt, lastSeenAt, timezone } = evidence
  const sent = channels.reduce((sum, channel) => sum + channel.sent, 0)
  const replied = channels.reduce((sum, channel) => sum + channel.replied, 0)
  const recency = lastSeenAt === null ? 0 : Math.round(mostRecency * 2 ** (-daysBetween(lastSeenAt, now) / silence))
  const frequency = Math.round(mostFrequency * (1 - 2 ** (-evidence.recentActs / habit)))
  const replies = Math.round((mostReplies * replied) / (sent + 1))
  return {
    score: recency + frequency + replies,
    recency,
    frequency,
    replies,
    replyRate: sent === 0 ? null : replied / sent,
    replyRates: channels
      .filter((channel) => channel.sent > 0)
      .toSorted((one, other) => other.sent - one.sent || byName(one, other))
      .map(({ channel, sent, replied }) => ({ channel, sent, replied, rate: replied / sent })),
    preferredChannel: preferredChannel(channels),
    bestLocalHour: bestHour(evidence.hours),
    timezone,
    firstSeenAt,
    lastSeenAt,
  }
}

function preferredChannel(channels: readonly ChannelEvidence[]): Channel | null {
  const [first] = channels
    .filter((channel) => channel.weight > 0)
    .toSorted((one, other) => other.weight - one.weight || rateOf(other) - rateOf(one) || byName(one, other))
  return first?.channel ?? null
}

function bestHour(hours: Evidence['hours']): number | null {
  if (hours.length === 0) return null
  const weights = new Map(hours.map(({ hour, weight }) => [hour, weight]))
  const around = (hour: number): number => weights.get((hour + 24) % 24) ?? 0
  const merits = Array.from({ length: 24 }, (_, hour) => around(hour) + (around(hour - 1) + around(hour + 1)) / 2)
  return merits.indexOf(Math.max(...merits))
}

function rateOf({ sent, replied }: ChannelEvidence): number {
  return sent === 0 ? 0 : replied / sent
}

function byName(one: ChannelEvidence, other: ChannelEvidence): number {
  return one.channel < other.channel ? -1 : 1
}

/** Clocks differ a little: what seems to lie ahead has happened just now. */
function daysBetween(instant: Date, now: Date): number {
  return Math.max(0, (now.getTime() - instant.getTime()) / (24 * 60 * 60 * 1000))
}
