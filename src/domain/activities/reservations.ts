import type { Tx } from '../../data/database.ts'
import type { Channel, Direction, SendReservation } from '../../data/generated/client.ts'
import { lockReservations } from '../../data/sql/lock-reservations.ts'
import { markReservationsUsed } from '../../data/sql/mark-reservations-used.ts'
import { InvalidInput, NotFound } from '../../kernel/errors.ts'
import { parseId } from '../../kernel/ids.ts'
import { parseAddress } from '../consent/channels.ts'
import { statusOf } from '../reservations/rules.ts'
import type { Item, ReservationClaim } from './report.ts'

/** Accepts the reservation that a message or call was sent on. @throws InvalidInput */
export function parseReservation(
  { reservationId, direction }: { readonly reservationId?: string | null | undefined; readonly direction: Direction },
  channel: Channel,
  addressKey: string | null,
): ReservationClaim | null {
  if (typeof reservationId !== 'string') return null
  const id = parseId('sendReservation', reservationId, 'reservationId')
  if (direction === 'outbound') return { id, channel, addressKey }
  throw new InvalidInput('Slots are reserved for what goes out, and this came in.', {
    field: 'reservationId',
    value: id,
    expected: 'nothing on an inbound activity',
  })
}

/** The key of the address that a reservation was made for; null: the primary one of the contact. */
export function reservedAddressKey({ channel, address }: Pick<SendReservation, 'channel' | 'address'>): string | null {
  return address === null ? null : parseAddress(address, channel, null, 'address')
}

/** The reservations that a batch takes, locked by its transaction. */
export class ClaimedReservations {
  readonly #known: ReadonlyMap<string, SendReservation>
  readonly #used = new Map<string, string>()

  private constructor(known: readonly SendReservation[]) {
    this.#known = new Map(known.map((reservation) => [reservation.id, reservation]))
  }

  /** One statement if any item names a reservation, else none. */
  static async lock(tx: Tx, organizationId: string, items: readonly Item<unknown>[]): Promise<ClaimedReservations> {
    const ids = [...new Set(items.flatMap(({ report }) => (report.reservation === null ? [] : [report.reservation.id])))]
    return new ClaimedReservations(ids.length === 0 ? [] : await lockReservations(tx, organizationId, ids))
  }

  /** Checks that a claim fits its reservation. @throws NotFound, InvalidInput */
  check(claim: ReservationClaim, contactId: string): SendReservation {
    const reservation = this.#known.get(claim.id)
    if (reservation === undefined) throw new NotFound('reservation', claim.id, 'reservationId')
    const difference =
      reservation.contactId !== contactId
        ? 'another contact'
        : reservation.channel !== claim.channel
          ? `the channel ${reservation.channel}`
          : claim.addressKey !== null && reservation.address !== null && claim.addressKey !== reservedAddressKey(reservation)
            ? 'another address'
            : null
    if (difference === null) return reservation
    throw new InvalidInput(`The reservation is for ${difference}.`, {
      field: 'reservationId',
      value: claim.id,
      expected: 'a reservation for the same contact, channel and address, or nothing',
    })
  }

  /**
   * Lets an activity take the slot of its reservation, which is there for one. What was sent is recorded in any case: where the slot is gone,
   * the activity counts by itself.
   * @returns why it does not take the slot, as a sentence; null if it does
   */
  take({ id, ...reservation }: SendReservation, activityId: string, now: Date): string | null {
    const user = this.#used.get(id) ?? reservation.activityId
    if (user === activityId) return null
    if (user !== null) return `The reservation was already used by ${user}. This activity is counted in addition.`
    const status = statusOf({ id, ...reservation }, now)
    if (status === 'released') return 'The reservation had been released: this one counts by itself.'
    this.#used.set(id, activityId)
    return status === 'expired' ? 'The reservation had expired: this one counts by itself.' : null
  }

  /** Writes down which are used; one statement, or none. */
  async save(tx: Tx, organizationId: string, now: Date): Promise<void> {
    const uses = [...this.#used].map(([id, activityId]) => ({ id, activityId }))
    if (uses.length > 0) await markReservationsUsed(tx, organizationId, now, uses)
  }
}
