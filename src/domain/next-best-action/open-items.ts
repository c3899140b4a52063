import { channelWords } from '../../kernel/channels.ts'
import type { Candidate } from './candidate.ts'
import { writtenChannels } from './channels.ts'
import { daysSince, type OpenItem, plural, type Situation, span } from './situation.ts'

/** What an open item is worth at first, and what it gains by waiting, in points. All of them outrank every idea of the organization. */
const worth = {
  question: { first: 80, more: 20, halfDays: 2 },
  missedCall: { first: 75, more: 20, halfDays: 2 },
  urgent: { first: 86, more: 12, halfDays: 3 },
  high: { first: 66, more: 16, halfDays: 5 },
  normal: { first: 54, more: 12, halfDays: 7 },
  low: { first: 45, more: 8, halfDays: 10 },
} as const

/** Everything that waits for the organization: all of it, not only the latest. What waits longer is worth more. */
export function openItems(situation: Situation): Candidate[] {
  const { questions, missedCalls, tickets } = situation
  const candidate = (
    item: OpenItem,
    kind: keyof typeof worth,
    fields: Pick<Candidate, 'action' | 'channels' | 'usual' | 'code' | 'message'>,
  ) => {
    const waiting = daysSince(situation, item.at) ?? 0
    const { first, more, halfDays } = worth[kind]
    return {
      ...fields,
      category: 'service' as const,
      worth: first,
      waiting: { days: waiting, gain: more * (1 - 2 ** (-waiting / halfDays)) },
      about: { kind: item.kind, subjectId: item.id, title: item.title },
    }
  }
  const ago = (item: OpenItem) => span(daysSince(situation, item.at) ?? 0)
  return [
    ...questions.map((question) => {
      const word = channelWords[question.channel]
      const message =
        question.count === 1
          ? `Wrote by ${word} ${ago(question)} ago and has not been answered.`
          : `Wrote ${plural(question.count, 'message')} by ${word}, the first ${ago(question)} ago, and has not been answered.`
      const channels = [question.channel, ...writtenChannels.filter((channel) => channel !== question.channel)]
      return candidate(question, 'question', {
        action: 'reply_to_message',
        channels,
        usual: question.channel,
        code: 'UNANSWERED_MESSAGE',
        message,
      })
    }),
    ...(missedCalls === null
      ? []
      : [
          candidate(missedCalls, 'missedCall', {
            action: 'return_call',
            channels: ['voice', ...writtenChannels],
            usual: 'voice',
            code: 'MISSED_CALL',
            message:
              missedCalls.count === 1
                ? `Called ${ago(missedCalls)} ago; the call was missed, and no call has been answered since.`
                : `Called ${missedCalls.count} times, the first ${ago(missedCalls)} ago; no call has been answered since.`,
          }),
        ]),
    ...tickets.map((ticket) =>
      candidate(ticket, ticket.priority, {
        action: 'follow_up_ticket',
        channels: writtenChannels,
        usual: null,
        code: 'OPEN_TICKET',
        message: `The ticket "${ticket.title}" (${ticket.priority}) has been open for ${ago(ticket)}.`,
      }),
    ),
  ]
}
