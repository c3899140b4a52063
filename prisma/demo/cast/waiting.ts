// People who wait for something from us.
import type { At, History } from '../history.ts'

/** Asked something yesterday, and nobody has answered. */
export function tomas(history: History, at: At): void {
  const person = history.contact(
    {
      firstName: 'Tomás',
      lastName: 'García',
      phone: '+34 600 123 456',
      email: 'tomas.garcia@example.es',
      timezone: 'Europe/Madrid',
      language: 'es',
      tags: ['newsletter'],
      lifecycleStage: 'lead',
    },
    at(75, 11),
  )
  person.consent({ channel: 'sms', state: 'opted_in', source: 'checkout', lawfulBasis: 'consent', recordedAt: at(75, 11) })
  person.stage(at(50), 'qualified').stage(at(20), 'opportunity')
  person.message({
    occurredAt: at(20, 9),
    channel: 'email',
    direction: 'outbound',
    category: 'service',
    status: 'read',
    subject: 'Su presupuesto',
    body: 'Adjuntamos el presupuesto que nos pidió.',
  })
  person.message({
    occurredAt: at(1, 16),
    channel: 'sms',
    direction: 'inbound',
    status: 'received',
    routedTo: 'inbox',
    body: '¿El precio incluye la instalación?',
  })
  person.note(at(19), 'Diego (Sales)', 'Compares us with two others; the installation will decide.')
}

/** Called this morning, and we missed it. */
export function hannah(history: History, at: At): void {
  const person = history.contact(
    {
      firstName: 'Hannah',
      lastName: 'Lindqvist',
      company: 'Lindqvist Arkitektur',
      phone: '+46 70 174 06 05',
      email: 'hannah@lindqvist.example.se',
      timezone: 'Europe/Stockholm',
      language: 'sv',
      tags: ['architect'],
      lifecycleStage: 'lead',
    },
    at(210, 8),
  )
  person.stage(at(200), 'qualified').stage(at(170), 'customer')
  person.call({ occurredAt: at(170, 13), direction: 'outbound', status: 'answered', durationSeconds: 845 })
  person.block(at(150, 9), 'Three silent calls in a row', { at: at(149, 10), reason: 'A faulty phone, not a prank.' })
  person.call({ occurredAt: at(0.2), direction: 'inbound', status: 'missed' })
  person.event(at(169), 'order_placed', { order: 'A-1733', total: 640, currency: 'EUR' })
  person.note(at(30), 'Nils (Support)', 'Prefers the phone, between nine and ten.')
}

/** Has an urgent ticket open. */
export function raj(history: History, at: At): void {
  const person = history.contact(
    {
      firstName: 'Raj',
      lastName: 'Patel',
      company: 'Banyan Software',
      phone: '+91 98765 43210',
      email: 'raj.patel@example.in',
      timezone: 'Asia/Kolkata',
      language: 'en',
      tags: ['enterprise', 'onboarding'],
      customAttributes: { plan: 'enterprise', seats: 140 },
      lifecycleStage: 'opportunity',
    },
    at(58, 6),
  )
  person.stage(at(41), 'customer')
  person.ticket({
    occurredAt: at(3, 7),
    subject: 'Export stops at 10,000 rows',
    status: 'open',
    priority: 'urgent',
    firstReplyAt: at(3, 8),
  })
  person.ticket({
    occurredAt: at(30, 5),
    subject: 'Single sign-on for our team',
    status: 'solved',
    priority: 'normal',
    firstReplyAt: at(30, 6),
    closedAt: at(28, 9),
  })
  person.message({
    occurredAt: at(3, 8),
    channel: 'email',
    direction: 'outbound',
    category: 'service',
    status: 'read',
    subject: 'Re: Export stops at 10,000 rows',
    body: 'We can see it too and are on it.',
  })
  person.event(at(2, 6), 'page_viewed', { page: '/status' })
  person.note(at(2), 'Meera (Support)', 'Their board meets on Friday and needs the export. Escalated.', true)
}

/** Came in an hour ago; nobody has asked what she wants. */
export function emily(history: History, at: At): void {
  history
    .contact(
      {
        firstName: 'Emily',
        lastName: 'Chen',
        email: 'emily.chen@example.com',
        phone: '+1 (415) 555-0118',
        timezone: 'America/Los_Angeles',
        language: 'en',
        tags: ['webinar'],
        lifecycleStage: 'lead',
      },
      at(0.05),
    )
    .event(at(0.06), 'webinar_attended', { title: 'Contacts without chaos', minutes: 42 })
    .event(at(0.05), 'form_submitted', { form: 'Tell me more', page: '/webinar/thanks' })
}
