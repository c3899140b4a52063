import { DomainError } from '../../kernel/errors.ts'

/** An opt-in against an opt-out that is in force, without a source and a proof. */
export class ConsentNeedsProof extends DomainError {
  constructor(field: string, channel: string) {
    super(
      'CONSENT_NEEDS_PROOF',
      `The contact opted out of ${channel}. An opt-in after that needs a source and a proof: the text version or the URL of the proof.`,
      { field, expected: 'source, and textVersion or proofUrl' },
    )
  }
}

/** Runs what may refuse. @returns the refusal; null if there was none */
export function rejectionOf(work: () => unknown): DomainError | null {
  try {
    work()
    return null
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
}
