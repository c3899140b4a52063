import type { Call, CallStatus, Direction } from '../../data/generated/client.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { ExternalIdTaken } from './errors.ts'
import { parseAddress } from '../consent/channels.ts'
import { parseReservation } from './reservations.ts'
import { callProgress, parseExternalId, parseInstant, parseWebAddress } from './rules.ts'
import type { ActivityInput, UpdatedRow, ActivityReport } from './report.ts'

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

type ReportedFields = ReturnType<typeof parse>

/** Parses the report of a call. @throws InvalidInput */
export function parseCall(input: CallInput, now: Date, defaultCountry: string | null): ActivityReport<Call> {
  const reported = parse(input, now, defaultCountry)
  return {
    externalId: reported.externalId,
    reservation: parseReservation(input, 'voice', reported.addressKey),
    create: ({ organizationId, contactId, phoneKey, reservedKey, now }) => ({
      ...reported,
      organizationId,
      id: newId('call'),
      contactId,
      isAutomatic: reported.isAutomatic ?? false,
      addressKey: reported.addressKey ?? reservedKey ?? phoneKey,
      resolvedAt: null,
      createdAt: now,
      updatedAt: now,
    }),
    update: (call) => update(reported, call),
  }
}

function parse(input: CallInput, now: Date, defaultCountry: string | null) {
  return {
    externalId: parseExternalId(input.externalId),
    occurredAt: parseInstant(input.occurredAt, 'occurredAt', now),
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
function update(reported: ReportedFields, call: Call): UpdatedRow<Call> {
  if (reported.direction !== call.direction) throw new ExternalIdTaken('call', call.externalId, 'another direction')
  const behind = callProgress[reported.status] < callProgress[call.status]
  const said = <Value>(before: Value | null, now: Value | null): Value | null => (behind ? (before ?? now) : (now ?? before))
  return {
    row: {
      ...call,
      status: behind ? call.status : reported.status,
      isAutomatic: reported.isAutomatic ?? call.isAutomatic,
      durationSeconds: said(call.durationSeconds, reported.durationSeconds),
      recordingUrl: said(call.recordingUrl, reported.recordingUrl),
    },
    ignored: behind ? `The call is ${call.status} already: ${reported.status} says less than that and was ignored.` : null,
  }
}
