import type { Call, CallStatus, Direction } from '../../data/generated/client.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { ExternalIdTaken } from './errors.ts'
import { parseAddress } from '../consent/channels.ts'
import { parseReservation } from './reservations.ts'
import { callProgress, parseExternalId, parseMoment, parseWebAddress } from './rules.ts'
import type { ActivityInput, Retold, Telling } from './telling.ts'

/** The longest call that anybody has. */
const maxDuration = 7 * 24 * 60 * 60

export interface CallInput extends ActivityInput {
  readonly direction: Direction
  readonly status: CallStatus
  /** Outbound only: whether a machine calls. Default: false. */
  readonly isAutomated?: boolean | null | undefined
  readonly durationSeconds?: number | null | undefined
  readonly recordingUrl?: string | null | undefined
  /** The reservation whose slot of the frequency caps it takes; outbound only. */
  readonly reservationId?: string | null | undefined
  /** The number that was called or that called. Default: that of its reservation, else the contact's primary one. */
  readonly address?: string | null | undefined
}

type Told = ReturnType<typeof parse>

/** Parses the report of a call. @throws InvalidInput */
export function parseCall(input: CallInput, now: Date, defaultCountry: string | null): Telling<Call> {
  const told = parse(input, now, defaultCountry)
  return {
    externalId: told.externalId,
    reservation: parseReservation(input, 'voice', told.addressKey),
    begin: ({ organizationId, contactId, phoneKey, reservedKey, now }) => ({
      ...told,
      organizationId,
      id: newId('call'),
      contactId,
      isAutomatic: told.isAutomatic ?? false,
      addressKey: told.addressKey ?? reservedKey ?? phoneKey,
      resolvedAt: null,
      createdAt: now,
      updatedAt: now,
    }),
    goOn: (call) => goOn(told, call),
  }
}

function parse(input: CallInput, now: Date, defaultCountry: string | null) {
  return {
    externalId: parseExternalId(input.externalId),
    occurredAt: parseMoment(input.occurredAt, 'occurredAt', now),
    direction: input.direction,
    status: input.status,
    isAutomatic: parseAutomated(input),
    durationSeconds: parseDuration(input.durationSeconds),
    recordingUrl: parseWebAddress(input.recordingUrl, 'recordingUrl'),
    addressKey: typeof input.address === 'string' ? parseAddress(input.address, 'voice', defaultCountry, 'address') : null,
  }
}

function parseAutomated({ direction, isAutomated }: CallInput): boolean | null {
  if (typeof isAutomated !== 'boolean' || direction === 'outbound') return isAutomated ?? null
  throw new InvalidInput('isAutomated is for outbound calls.', { field: 'isAutomated', value: isAutomated, expected: 'nothing' })
}

function parseDuration(seconds: number | null | undefined): number | null {
  if (typeof seconds !== 'number') return null
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= maxDuration) return seconds
  throw new InvalidInput('A call takes from no time up to a week.', {
    field: 'durationSeconds',
    value: seconds,
    expected: `0 to ${maxDuration.toLocaleString('en')} seconds`,
  })
}

/** What says most about the call counts. Old news fills in what is unknown and replaces nothing. */
function goOn(told: Told, call: Call): Retold<Call> {
  if (told.direction !== call.direction) throw new ExternalIdTaken('call', call.externalId, 'another direction')
  const behind = callProgress[told.status] < callProgress[call.status]
  const said = <Value>(before: Value | null, now: Value | null): Value | null => (behind ? (before ?? now) : (now ?? before))
  return {
    row: {
      ...call,
      status: behind ? call.status : told.status,
      isAutomatic: told.isAutomatic ?? call.isAutomatic,
      durationSeconds: said(call.durationSeconds, told.durationSeconds),
      recordingUrl: said(call.recordingUrl, told.recordingUrl),
    },
    ignored: behind ? `The call is ${call.status} already: ${told.status} says less than that and was ignored.` : null,
  }
}
