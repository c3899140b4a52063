import type { DomainError } from '../../kernel/errors.ts'
import type { Context } from '../context.ts'

/** A contact for which an action did not go through, and why. */
export interface ActionFailure {
  readonly id: string
  readonly reason: DomainError
}

/** What became of contacts: each is in one of the three. */
export interface ActionOutcome {
  readonly changed: number
  /** Were already what the action makes of them. */
  readonly unchanged: number
  readonly failed: readonly ActionFailure[]
}

/** What callers say beside the name of an action. */
export type ActionParams = Readonly<Record<string, unknown>>

/** Does an action to at most 1,000 different contacts, as one transaction. */
export type ActionWork = (context: Context, ids: readonly string[]) => Promise<ActionOutcome>

/** Something that can be done to many contacts at once. */
export interface BulkAction {
  /** For people. */
  readonly description: string
  /** The names of the parameters that it takes. */
  readonly params: readonly string[]
  /** Whether it is about deleted contacts, which no filter finds. */
  readonly isForDeleted?: boolean
  /** Whether doing it to every contact has to be asked for in so many words. */
  readonly isDangerous?: boolean
  /** Makes the work of the parameters. @throws InvalidInput, MissingRequiredField */
  prepare(params: ActionParams): ActionWork
}
