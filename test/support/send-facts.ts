import { factsOf } from './consent.ts'
import type { SendFacts } from '../../src/domain/sending/rules.ts'

/** Facts about a contact that can be reached everywhere and to whom nothing was sent, where nothing else is given. */
export function sendFactsOf(fields: Partial<SendFacts>): SendFacts {
  const facts: Omit<SendFacts, 'consentFacts'> = {
    contact: { phone: '+493023125017', email: 'a@example.com', blockedAt: null },
    consent: new Map(),
    met: new Set(),
    marketingNeedsOptIn: false,
    quietHours: null,
    whatsappServiceWindow: false,
    zones: ['UTC'],
    rules: [],
    sent: [],
    received: [],
    ...fields,
  }
  return { ...facts, consentFacts: fields.consentFacts ?? factsOf(facts.contact, facts.consent) }
}
