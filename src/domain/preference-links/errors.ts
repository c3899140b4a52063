import { InvalidInput } from '../../kernel/errors.ts'

const messages = {
  invalid: 'This is not a link that this gateway made, or it was changed on the way. Copy it completely.',
  expired: 'The link has expired. Create a new one.',
  gone: 'The contact that the link was made for does not exist any more.',
  superseded: 'The contact opted out, or the address has changed, after the confirmation was requested. Request a new one.',
} as const

export type LinkProblem = keyof typeof messages

/** A link does not serve what it is used for. The token is not repeated: it must not come into logs. */
export class InvalidLink extends InvalidInput {
  readonly problem: LinkProblem

  constructor(problem: LinkProblem) {
    super(messages[problem], { field: 'token', expected: 'the token of a link that is valid' })
    this.problem = problem
  }
}
