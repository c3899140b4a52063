import { DomainError } from '../../kernel/errors.ts'
import type { SendDecision } from './rules.ts'

/** A message may not be sent, so nothing is reserved for it. */
export class SendNotAllowed extends DomainError {
  readonly decision: SendDecision

  constructor(decision: SendDecision) {
    const reasons = decision.reasons.map(({ message }) => message).join(' ')
    const { nextAllowedAt } = decision
    const remedy = nextAllowedAt === null ? '' : ` Try again at ${nextAllowedAt.toISOString()}.`
    super('SEND_NOT_ALLOWED', `The message may not be sent. ${reasons}${remedy}`, {
      reasons: decision.reasons.map(({ code }) => code),
      nextAllowedAt: nextAllowedAt?.toISOString() ?? null,
    })
    this.decision = decision
  }
}
