import type { SendReservation } from '../../data/generated/client.ts'
import { InvalidInput } from '../../kernel/errors.ts'

export const reservationStatuses = ['held', 'used', 'released', 'expired'] as const
export type ReservationStatus = (typeof reservationStatuses)[number]

/** The status of a reservation at a time. */
export function statusOf({ usedAt, releasedAt, expiresAt }: SendReservation, now: Date): ReservationStatus {
  if (usedAt !== null) return 'used'
  if (releasedAt !== null) return 'released'
  return expiresAt > now ? 'held' : 'expired'
}

const defaultLifetime = 300
const maxLifetime = 7 * 24 * 60 * 60

/** Accepts how long a reservation is held, in seconds. @throws InvalidInput */
export function parseLifetime(seconds: number | null | undefined): number {
  if (seconds === null || seconds === undefined) return defaultLifetime
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= maxLifetime) return seconds
  throw new InvalidInput('A reservation is held for a second up to 7 days.', {
    field: 'expiresInSeconds',
    value: seconds,
    expected: `1 to ${maxLifetime.toLocaleString('en')}`,
  })
}
