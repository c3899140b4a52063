// People who buy, and what comes next for them.
import type { At, History } from '../history.ts'

/** An advocate who answers on WhatsApp in the evening. */
export function maya(history: History, at: At): void {
  const person = history.contact(
    {
      firstName: 'Maya',
      lastName: 'Okafor',
      company: 'Okafor Interiors',
      phone: '+44 7400 123142',
      email: 'maya.okafor@example.co.uk',
      timezone: 'Europe/London',
      language: 'en',
      tags: ['VIP', 'newsletter', 'referrer'],
      customAttributes: { plan: 'business', seats: 12, birthday: '1986-03-14' },
      lifecycleStage: 'lead',
    },
    at(390, 10),
  )
  person.event(at(390, 9.9), 'form_submitted', { form: 'Ask for a demo', page: '/business' })
  const wording = { source: 'web_form', lawfulBasis: 'consent', textVersion: '2025-11' } as const
  const fabrics = history.topic('new_fabrics', 'New fabrics', at(395))
  const events = history.topic('events', 'Fairs and events', at(395))
  person.consent({ ...wording, channel: 'whatsapp', state: 'opted_in', recordedAt: at(390, 10) })
  person.consent({ ...wording, channel: 'email', state: 'opted_in', recordedAt: at(390, 10) })
  person.consent({ channel: 'sms', state: 'opted_out', source: 'preference_page', recordedAt: at(200, 20) })
  person.consent({ ...wording, channel: 'whatsapp', topicId: fabrics, state: 'opted_in', recordedAt: at(390, 10) })
  person.consent({ ...wording, channel: 'email', topicId: events, state: 'opted_in', recordedAt: at(390, 10) })
  person.consent({ channel: 'email', topicId: events, state: 'opted_out', source: 'preference_page', recordedAt: at(45, 19) })
  person.stage(at(380), 'qualified').stage(at(361), 'opportunity').stage(at(340), 'customer').stage(at(120), 'advocate')
  person.call({ occurredAt: at(379, 14), direction: 'outbound', status: 'answered', durationSeconds: 1260 })
  for (let week = 48; week >= 1; week -= 4) {
    person.message({
      occurredAt: at(week * 7, 18),
      channel: 'whatsapp',
      direction: 'outbound',
      category: 'marketing',
      status: 'read',
      body: 'New fabrics are in. Shall I set some aside for you?',
    })
    person.message({
      occurredAt: at(week * 7, 19.5),
      channel: 'whatsapp',
      direction: 'inbound',
      status: 'received',
      routedTo: 'inbox',
      body: 'Yes please, the green ones!',
    })
  }
  person.event(at(339), 'order_placed', { order: 'A-1042', total: 1890, currency: 'GBP' })
  person.event(at(60), 'order_placed', { order: 'A-2210', total: 2450, currency: 'GBP' })
  person.note(at(340), 'Priya (Sales)', 'Signed for twelve seats. Wants one invoice a quarter, in pounds.')
  person.note(at(45), 'Priya (Sales)', 'Sent us two new customers this month. Thank her properly at the spring fair.', true)
}

/** Has had as many messages this week as anybody may get. */
export function yuki(history: History, at: At): void {
  const person = history.contact(
    {
      firstName: 'Yuki',
      lastName: 'Tanaka',
      displayName: '田中 由紀 (Yuki Tanaka)',
      company: 'Hoshi Stationery',
      phone: '+81 90-1234-5678',
      email: 'yuki.tanaka@example.jp',
      timezone: 'Asia/Tokyo',
      language: 'ja',
      tags: ['newsletter', 'VIP'],
      lifecycleStage: 'lead',
    },
    at(160, 2),
  )
  person.consent({ channel: 'sms', state: 'opted_in', source: 'app', lawfulBasis: 'consent', recordedAt: at(160, 2) })
  person.consent({ channel: 'push', state: 'opted_in', source: 'app', lawfulBasis: 'consent', recordedAt: at(160, 2) })
  person.stage(at(140), 'customer')
  for (const days of [6, 4, 2, 1]) {
    person.message({
      occurredAt: at(days, 1),
      channel: 'sms',
      direction: 'outbound',
      category: 'marketing',
      status: 'delivered',
      body: 'Spring sale: today only.',
    })
  }
  person.event(at(139, 3), 'order_placed', { order: 'A-1890', total: 12_400, currency: 'JPY' })
}

/** Has an offer on the table. */
export function olivia(history: History, at: At): void {
  const person = history.contact(
    {
      firstName: 'Olivia',
      lastName: 'Brown',
      company: 'Banksia Nursery',
      phone: '+61 491 570 156',
      email: 'olivia@banksia.example.au',
      timezone: 'Australia/Sydney',
      language: 'en',
      tags: ['wholesale'],
      lifecycleStage: 'subscriber',
    },
    at(95, 0),
  )
  person.consent({ channel: 'email', state: 'opted_in', source: 'web_form', lawfulBasis: 'consent', recordedAt: at(95, 0) })
  person.stage(at(60), 'lead').stage(at(45), 'qualified').stage(at(14), 'opportunity')
  for (const days of [60, 45, 30, 14]) {
    person.message({
      occurredAt: at(days, 22),
      channel: 'email',
      direction: 'outbound',
      category: 'service',
      status: 'read',
      subject: 'Your order for spring',
      body: 'Here is what we talked about.',
    })
    person.message({
      occurredAt: at(days - 0.5, 23),
      channel: 'email',
      direction: 'inbound',
      status: 'received',
      routedTo: 'inbox',
      subject: 'Re: Your order for spring',
      body: 'Thanks, that helps. A few questions below.',
    })
  }
  person.note(at(13), 'Ruby (Sales)', 'Decides at the end of the month. Wants to see the pots before.')
}

/** Happy, and outgrowing what he has. */
export function lucas(history: History, at: At): void {
  const person = history.contact(
    {
      firstName: 'Lucas',
      lastName: 'Martin',
      company: 'Érable Studio',
      phone: '+1 514-555-0162',
      email: 'lucas@erable.example.ca',
      countryCode: 'CA',
      timezone: 'America/Toronto',
      language: 'fr',
      tags: ['power user'],
      customAttributes: { plan: 'starter', seats: 5 },
      lifecycleStage: 'lead',
    },
    at(260, 15),
  )
  person.consent({ channel: 'email', state: 'opted_in', source: 'web_form', lawfulBasis: 'consent', recordedAt: at(260, 15) })
  person.stage(at(240), 'qualified').stage(at(225), 'customer')
  for (const days of [80, 52, 24, 3]) person.event(at(days, 16), 'limit_reached', { limit: 'seats', plan: 'starter' })
  person.message({
    occurredAt: at(52, 15),
    channel: 'email',
    direction: 'outbound',
    category: 'service',
    status: 'read',
    subject: 'You have used all five seats',
    body: 'Shall we talk about what comes next?',
  })
  person.message({
    occurredAt: at(51, 19),
    channel: 'email',
    direction: 'inbound',
    status: 'received',
    routedTo: 'inbox',
    body: 'Maybe after the summer!',
  })
}
