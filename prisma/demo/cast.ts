import type { History } from './history.ts'

/** The named cast: a dozen people whose stories show what the gateway is for. Times are told backwards from now. */
export function cast(history: History): void {
  const at = (days: number, hour?: number): Date => history.ago(days, hour)
  maya(history, at)
  tomas(history, at)
  hannah(history, at)
  raj(history, at)
  chloe(history, at)
  jonas(history, at)
  emily(history, at)
  bruno(history, at)
  yuki(history, at)
  olivia(history, at)
  amara(history, at)
  lucas(history, at)
}

type At = (days: number, hour?: number) => Date

/** An advocate who answers on WhatsApp in the evening. */
function maya(history: History, at: At): void {
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
  person.consent({ channel: 'whatsapp', state: 'opted_in', source: 'web_form', lawfulBasis: 'consent', purpose: 'news', recordedAt: at(390, 10) })
  person.consent({ channel: 'email', state: 'opted_in', source: 'web_form', lawfulBasis: 'consent', purpose: 'news', recordedAt: at(390, 10) })
  person.stage(at(380), 'qualified').stage(at(361), 'opportunity').stage(at(340), 'customer').stage(at(120), 'advocate')
  person.call({ occurredAt: at(379, 14), direction: 'outbound', status: 'answered', durationSeconds: 1260 })
  for (let week = 48; week >= 1; week -= 4) {
    person.message({ occurredAt: at(week * 7, 18), channel: 'whatsapp', direction: 'outbound', category: 'marketing', status: 'read', body: 'New fabrics are in. Shall I set some aside for you?' })
    person.message({ occurredAt: at(week * 7, 19.5), channel: 'whatsapp', direction: 'inbound', status: 'received', routedTo: 'inbox', body: 'Yes please, the green ones!' })
  }
  person.event(at(339), 'order_placed', { order: 'A-1042', total: 1890, currency: 'GBP' })
  person.event(at(60), 'order_placed', { order: 'A-2210', total: 2450, currency: 'GBP' })
  person.note(at(340), 'Priya (Sales)', 'Signed for twelve seats. Wants one invoice a quarter, in pounds.')
  person.note(at(45), 'Priya (Sales)', 'Sent us two new customers this month. Thank her properly at the spring fair.', true)
}

/** Asked something yesterday, and nobody has answered. */
function tomas(history: History, at: At): void {
  const person = history.contact(
    { firstName: 'Tomás', lastName: 'García', phone: '+34 600 123 456', email: 'tomas.garcia@example.es', timezone: 'Europe/Madrid', language: 'es', tags: ['newsletter'], lifecycleStage: 'lead' },
    at(75, 11),
  )
  person.consent({ channel: 'sms', state: 'opted_in', source: 'checkout', lawfulBasis: 'consent', recordedAt: at(75, 11) })
  person.stage(at(50), 'qualified').stage(at(20), 'opportunity')
  person.message({ occurredAt: at(20, 9), channel: 'email', direction: 'outbound', category: 'service', status: 'read', subject: 'Su presupuesto', body: 'Adjuntamos el presupuesto que nos pidió.' })
  person.message({ occurredAt: at(1, 16), channel: 'sms', direction: 'inbound', status: 'received', routedTo: 'inbox', body: '¿El precio incluye la instalación?' })
  person.note(at(19), 'Diego (Sales)', 'Compares us with two others; the installation will decide.')
}

/** Called this morning, and we missed it. */
function hannah(history: History, at: At): void {
  const person = history.contact(
    { firstName: 'Hannah', lastName: 'Lindqvist', company: 'Lindqvist Arkitektur', phone: '+46 70 174 06 05', email: 'hannah@lindqvist.example.se', timezone: 'Europe/Stockholm', language: 'sv', tags: ['architect'], lifecycleStage: 'lead' },
    at(210, 8),
  )
  person.stage(at(200), 'qualified').stage(at(170), 'customer')
  person.call({ occurredAt: at(170, 13), direction: 'outbound', status: 'answered', durationSeconds: 845 })
  person.call({ occurredAt: at(0.2), direction: 'inbound', status: 'missed' })
  person.event(at(169), 'order_placed', { order: 'A-1733', total: 640, currency: 'EUR' })
  person.note(at(30), 'Nils (Support)', 'Prefers the phone, between nine and ten.')
}

/** Has an urgent ticket open. */
function raj(history: History, at: At): void {
  const person = history.contact(
    { firstName: 'Raj', lastName: 'Patel', company: 'Banyan Software', phone: '+91 98765 43210', email: 'raj.patel@example.in', timezone: 'Asia/Kolkata', language: 'en', tags: ['enterprise', 'onboarding'], customAttributes: { plan: 'enterprise', seats: 140 }, lifecycleStage: 'opportunity' },
    at(58, 6),
  )
  person.stage(at(41), 'customer')
  person.ticket({ occurredAt: at(3, 7), subject: 'Export stops at 10,000 rows', status: 'open', priority: 'urgent', firstReplyAt: at(3, 8) })
  person.ticket({ occurredAt: at(30, 5), subject: 'Single sign-on for our team', status: 'solved', priority: 'normal', firstReplyAt: at(30, 6), closedAt: at(28, 9) })
  person.message({ occurredAt: at(3, 8), channel: 'email', direction: 'outbound', category: 'service', status: 'read', subject: 'Re: Export stops at 10,000 rows', body: 'We can see it too and are on it.' })
  person.event(at(2, 6), 'page_viewed', { page: '/status' })
  person.note(at(2), 'Meera (Support)', 'Their board meets on Friday and needs the export. Escalated.', true)
}

/** Took back one consent and gave another. */
function chloe(history: History, at: At): void {
  const person = history.contact(
    { firstName: 'Chloé', lastName: 'Dubois', phone: '+33 6 12 34 01 77', email: 'chloe.dubois@example.fr', timezone: 'Europe/Paris', language: 'fr', tags: ['newsletter'], lifecycleStage: 'subscriber' },
    at(300, 9),
  )
  person.consent({ channel: 'email', state: 'opted_in', source: 'web_form', lawfulBasis: 'consent', purpose: 'news', textVersion: '2025-04', recordedAt: at(300, 9) })
  person.consent({ channel: 'email', state: 'opted_out', source: 'unsubscribe_link', purpose: 'news', recordedAt: at(90, 20) })
  person.consent({ channel: 'sms', state: 'opted_in', source: 'store', lawfulBasis: 'consent', purpose: 'offers', proofUrl: 'https://example.com/proof/chloe-2026', recordedAt: at(40, 15) })
  person.stage(at(250), 'lead').stage(at(200), 'customer')
  person.message({ occurredAt: at(92, 9), channel: 'email', direction: 'outbound', category: 'marketing', status: 'read', subject: 'Nos nouveautés', body: 'Découvrez la collection.' })
  person.message({ occurredAt: at(12, 16), channel: 'sms', direction: 'outbound', category: 'marketing', status: 'delivered', body: '-20 % ce week-end.' })
  person.event(at(11, 17), 'order_placed', { order: 'A-2301', total: 89, currency: 'EUR' })
}

/** Left half a year ago. */
function jonas(history: History, at: At): void {
  const person = history.contact(
    { firstName: 'Jonas', lastName: 'Weber', company: 'Weber & Söhne', phone: '+49 30 23125 017', email: 'jonas.weber@example.de', timezone: 'Europe/Berlin', language: 'de', tags: ['former customer'], lifecycleStage: 'lead' },
    at(398, 12),
  )
  person.consent({ channel: 'email', state: 'opted_in', source: 'contract', lawfulBasis: 'contract', recordedAt: at(370, 12) })
  person.stage(at(370), 'customer').stage(at(180), 'churned', 'Billing')
  person.ticket({ occurredAt: at(190, 8), subject: 'Rechnung doppelt', status: 'closed', priority: 'high', firstReplyAt: at(185, 8), closedAt: at(181, 8) })
  person.event(at(180, 8), 'subscription_cancelled', { reason: 'support too slow' })
  person.message({ occurredAt: at(150, 9), channel: 'email', direction: 'outbound', category: 'marketing', status: 'delivered', subject: 'Wir vermissen Sie', body: 'Was können wir besser machen?' })
  person.note(at(179), 'Sabine (Success)', 'Waited five days for a first answer. We owe him an apology before an offer.')
}

/** Came in an hour ago; nobody has asked what she wants. */
function emily(history: History, at: At): void {
  history
    .contact(
      { firstName: 'Emily', lastName: 'Chen', email: 'emily.chen@example.com', phone: '+1 (415) 555-0118', timezone: 'America/Los_Angeles', language: 'en', tags: ['webinar'], lifecycleStage: 'lead' },
      at(0.05),
    )
    .event(at(0.06), 'webinar_attended', { title: 'Contacts without chaos', minutes: 42 })
    .event(at(0.05), 'form_submitted', { form: 'Tell me more', page: '/webinar/thanks' })
}

/** Sends junk; is blocked, and still writes. */
function bruno(history: History, at: At): void {
  const person = history.contact({ firstName: 'Bruno', lastName: 'Costa', phone: '+55 11 96123-4455', email: 'bruno.costa@example.com.br', timezone: 'America/Sao_Paulo', language: 'pt', lifecycleStage: 'lead' }, at(35, 3))
  for (const days of [34, 33, 33, 32]) {
    person.message({ occurredAt: at(days, 3 + days / 100), channel: 'whatsapp', direction: 'inbound', status: 'received', routedTo: 'inbox', body: 'You have WON! Open this link now.' })
  }
  person.block(at(31, 12), 'Sends advertising for a lottery')
  person.message({ occurredAt: at(5, 3), channel: 'whatsapp', direction: 'inbound', status: 'received', routedTo: 'spam', body: 'LAST CHANCE to claim your prize' })
}

/** Has had as many messages this week as anybody may get. */
function yuki(history: History, at: At): void {
  const person = history.contact(
    { firstName: 'Yuki', lastName: 'Tanaka', displayName: '田中 由紀 (Yuki Tanaka)', company: 'Hoshi Stationery', phone: '+81 90-1234-5678', email: 'yuki.tanaka@example.jp', timezone: 'Asia/Tokyo', language: 'ja', tags: ['newsletter', 'VIP'], lifecycleStage: 'lead' },
    at(160, 2),
  )
  person.consent({ channel: 'sms', state: 'opted_in', source: 'app', lawfulBasis: 'consent', recordedAt: at(160, 2) })
  person.consent({ channel: 'push', state: 'opted_in', source: 'app', lawfulBasis: 'consent', recordedAt: at(160, 2) })
  person.stage(at(140), 'customer')
  for (const days of [6, 4, 2, 1]) {
    person.message({ occurredAt: at(days, 1), channel: 'sms', direction: 'outbound', category: 'marketing', status: 'delivered', body: 'Spring sale: today only.' })
  }
  person.event(at(139, 3), 'order_placed', { order: 'A-1890', total: 12_400, currency: 'JPY' })
}

/** Has an offer on the table. */
function olivia(history: History, at: At): void {
  const person = history.contact(
    { firstName: 'Olivia', lastName: 'Brown', company: 'Banksia Nursery', phone: '+61 491 570 156', email: 'olivia@banksia.example.au', timezone: 'Australia/Sydney', language: 'en', tags: ['wholesale'], lifecycleStage: 'subscriber' },
    at(95, 0),
  )
  person.consent({ channel: 'email', state: 'opted_in', source: 'web_form', lawfulBasis: 'consent', recordedAt: at(95, 0) })
  person.stage(at(60), 'lead').stage(at(45), 'qualified').stage(at(14), 'opportunity')
  for (const days of [60, 45, 30, 14]) {
    person.message({ occurredAt: at(days, 22), channel: 'email', direction: 'outbound', category: 'service', status: 'read', subject: 'Your order for spring', body: 'Here is what we talked about.' })
    person.message({ occurredAt: at(days - 0.5, 23), channel: 'email', direction: 'inbound', status: 'received', routedTo: 'inbox', subject: 'Re: Your order for spring', body: 'Thanks, that helps. A few questions below.' })
  }
  person.note(at(13), 'Ruby (Sales)', 'Decides at the end of the month. Wants to see the pots before.')
}

/** Came in with a spreadsheet: a phone number and little else. */
function amara(history: History, at: At): void {
  history
    .contact({ firstName: 'Amara', phone: '+234 803 123 4567', tags: ['trade fair'], lifecycleStage: 'lead' }, at(28, 10))
    .note(at(28, 11), 'Import', 'Met at the trade fair in Lagos. No email address on the card.')
}

/** Happy, and outgrowing what he has. */
function lucas(history: History, at: At): void {
  const person = history.contact(
    { firstName: 'Lucas', lastName: 'Martin', company: 'Érable Studio', phone: '+1 514-555-0162', email: 'lucas@erable.example.ca', countryCode: 'CA', timezone: 'America/Toronto', language: 'fr', tags: ['power user'], customAttributes: { plan: 'starter', seats: 5 }, lifecycleStage: 'lead' },
    at(260, 15),
  )
  person.consent({ channel: 'email', state: 'opted_in', source: 'web_form', lawfulBasis: 'consent', recordedAt: at(260, 15) })
  person.stage(at(240), 'qualified').stage(at(225), 'customer')
  for (const days of [80, 52, 24, 3]) person.event(at(days, 16), 'limit_reached', { limit: 'seats', plan: 'starter' })
  person.message({ occurredAt: at(52, 15), channel: 'email', direction: 'outbound', category: 'service', status: 'read', subject: 'You have used all five seats', body: 'Shall we talk about what comes next?' })
  person.message({ occurredAt: at(51, 19), channel: 'email', direction: 'inbound', status: 'received', routedTo: 'inbox', body: 'Maybe after the summer!' })
}
