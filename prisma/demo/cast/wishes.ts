// People who told us how they want to be treated, or of whom too little is known.
import type { At, History } from '../history.ts'

/** Took back one consent and gave another. */
export function chloe(history: History, at: At): void {
  const person = history.contact(
    {
      firstName: 'Chloé',
      lastName: 'Dubois',
      phone: '+33 6 12 34 01 77',
      email: 'chloe.dubois@example.fr',
      timezone: 'Europe/Paris',
      language: 'fr',
      tags: ['newsletter'],
      lifecycleStage: 'subscriber',
    },
    at(300, 9),
  )
  person.consent({
    channel: 'email',
    state: 'opted_in',
    source: 'web_form',
    lawfulBasis: 'consent',
    textVersion: '2025-04',
    recordedAt: at(300, 9),
  })
  person.consent({ channel: 'email', state: 'opted_out', source: 'unsubscribe_link', recordedAt: at(90, 20) })
  person.consent({
    channel: 'sms',
    state: 'opted_in',
    source: 'store',
    lawfulBasis: 'consent',
    proofUrl: 'https://example.com/proof/chloe-2026',
    recordedAt: at(40, 15),
  })
  person.stage(at(250), 'lead').stage(at(200), 'customer')
  person.message({
    occurredAt: at(92, 9),
    channel: 'email',
    direction: 'outbound',
    category: 'marketing',
    status: 'read',
    subject: 'Nos nouveautés',
    body: 'Découvrez la collection.',
  })
  person.message({
    occurredAt: at(12, 16),
    channel: 'sms',
    direction: 'outbound',
    category: 'marketing',
    status: 'delivered',
    body: '-20 % ce week-end.',
  })
  person.event(at(11, 17), 'order_placed', { order: 'A-2301', total: 89, currency: 'EUR' })
}

/** Left half a year ago. */
export function jonas(history: History, at: At): void {
  const person = history.contact(
    {
      firstName: 'Jonas',
      lastName: 'Weber',
      company: 'Weber & Söhne',
      phone: '+49 30 23125 017',
      email: 'jonas.weber@example.de',
      timezone: 'Europe/Berlin',
      language: 'de',
      tags: ['former customer'],
      lifecycleStage: 'lead',
    },
    at(398, 12),
  )
  person.consent({ channel: 'email', state: 'opted_in', source: 'contract', lawfulBasis: 'contract', recordedAt: at(370, 12) })
  person.stage(at(370), 'customer').stage(at(180), 'churned', 'Billing')
  person.ticket({
    occurredAt: at(190, 8),
    subject: 'Rechnung doppelt',
    status: 'closed',
    priority: 'high',
    firstReplyAt: at(185, 8),
    closedAt: at(181, 8),
  })
  person.event(at(180, 8), 'subscription_cancelled', { reason: 'support too slow' })
  person.message({
    occurredAt: at(150, 9),
    channel: 'email',
    direction: 'outbound',
    category: 'marketing',
    status: 'delivered',
    subject: 'Wir vermissen Sie',
    body: 'Was können wir besser machen?',
  })
  person.note(at(179), 'Sabine (Success)', 'Waited five days for a first answer. We owe him an apology before an offer.')
}

/** Sends junk; is blocked, and still writes. */
export function bruno(history: History, at: At): void {
  const person = history.contact(
    {
      firstName: 'Bruno',
      lastName: 'Costa',
      phone: '+55 11 96123-4455',
      email: 'bruno.costa@example.com.br',
      timezone: 'America/Sao_Paulo',
      language: 'pt',
      lifecycleStage: 'lead',
    },
    at(35, 3),
  )
  for (const days of [34, 33, 33, 32]) {
    person.message({
      occurredAt: at(days, 3 + days / 100),
      channel: 'whatsapp',
      direction: 'inbound',
      status: 'received',
      routedTo: 'inbox',
      body: 'You have WON! Open this link now.',
    })
  }
  person.block(at(31, 12), 'Sends advertising for a lottery')
  person.message({
    occurredAt: at(5, 3),
    channel: 'whatsapp',
    direction: 'inbound',
    status: 'received',
    routedTo: 'spam',
    body: 'LAST CHANCE to claim your prize',
  })
}

/** Came in with a spreadsheet: a phone number and little else. */
export function amara(history: History, at: At): void {
  history
    .contact({ firstName: 'Amara', phone: '+234 803 123 4567', tags: ['trade fair'], lifecycleStage: 'lead' }, at(28, 10))
    .note(at(28, 11), 'Import', 'Met at the trade fair in Lagos. No email address on the card.')
}
