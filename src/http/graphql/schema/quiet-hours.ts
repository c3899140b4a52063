import { channelGroups, clockText, type QuietHours, weekdays } from '../../../domain/organizations/quiet-hours.ts'
import { builder } from './builder.ts'

const groupMeanings: Readonly<Record<(typeof channelGroups)[number], string>> = {
  phone: 'Text messages and calls.',
  chat: 'Instagram, LINE, Messenger, RCS, Viber and WhatsApp.',
  email: 'Email.',
  push: 'Push notifications.',
  fax: 'Fax.',
}

const ChannelGroup = builder.enumType('ChannelGroup', {
  description: 'Channels that have their quiet hours in common.',
  values: Object.fromEntries(channelGroups.map((group) => [group.toUpperCase(), { value: group, description: groupMeanings[group] }])),
})

const Weekday = builder.enumType('Weekday', {
  description: 'A day of the week.',
  values: Object.fromEntries(weekdays.map((name, index) => [name, { value: index + 1, description: `ISO weekday ${index + 1}.` }])),
})

export const QuietHoursRule = builder.objectRef<QuietHours>('QuietHoursRule').implement({
  description: 'When messages may go out on the channels of a group, by the clocks where the contact is.',
  fields: (t) => ({
    countryCode: t.exposeString('countryCode', {
      description:
        'ISO 3166-1 alpha-2 code of the country that it holds in; null if it holds wherever the country has no rule of its own for the group.',
    }),
    channelGroup: t.expose('channelGroup', { type: ChannelGroup, nullable: false, description: 'The channels.' }),
    opensAt: t.string({
      description: 'From when messages go out, as `HH:MM`; null if they do at any time of an open day.',
      resolve: ({ opensAt }) => (opensAt === null ? null : clockText(opensAt)),
    }),
    closesAt: t.string({
      description: 'When messages stop going out, as `HH:MM` up to `24:00`; null if they go out at any time of an open day.',
      resolve: ({ closesAt }) => (closesAt === null ? null : clockText(closesAt)),
    }),
    closedWeekdays: t.field({
      type: [Weekday],
      nullable: { list: false, items: false },
      description: 'Days of the week on which no message goes out.',
      resolve: ({ closedWeekdays }) => [...closedWeekdays],
    }),
    closedDates: t.stringList({
      nullable: { list: false, items: false },
      description: 'Dates on which no message goes out: `YYYY-MM-DD`, or `MM-DD` for every year.',
      resolve: ({ closedDates }) => [...closedDates],
    }),
  }),
})

export const QuietHoursRuleInput = builder.inputType('QuietHoursRuleInput', {
  description:
    'When messages may go out on the channels of a group, by the clocks where the contact is. What is omitted leaves the day open.',
  fields: (t) => ({
    countryCode: t.string({
      description:
        'ISO 3166-1 alpha-2 code of the country that it holds in. Default: everywhere that has no rule of its own for the group.',
    }),
    channelGroup: t.field({ type: ChannelGroup, required: true, description: 'The channels.' }),
    opensAt: t.string({ description: 'From when messages go out: `HH:MM`. Default: the whole day.' }),
    closesAt: t.string({ description: 'When messages stop going out: `HH:MM` later than `opensAt`, up to `24:00`. Goes with `opensAt`.' }),
    closedWeekdays: t.field({ type: [Weekday], description: 'Days of the week on which no message goes out, at most six.' }),
    closedDates: t.stringList({
      description: 'Dates on which no message goes out: `YYYY-MM-DD`, or `MM-DD` for every year. At most 400.',
    }),
  }),
})
