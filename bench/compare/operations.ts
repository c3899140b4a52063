import type { Form } from './forms.ts'

/** What is measured. Each server is asked for the same thing in its own language. */
export const operations = {
  flat: 'list of 25 contacts, flat',
  page25: '25 contacts with 3 notes, 5 timeline entries and preferences each',
  page200: '200 contacts likewise',
  contactBy: 'one contact, flat, by its email address',
  one: 'one contact with 6 notes, 20 timeline entries and preferences',
  timeline1: 'timeline of one contact, first page of 20',
  timeline1000: 'timeline of one contact, page 1,000',
  totals: 'the 25 contacts with the total of each list',
  formatted: 'the 25 contacts with phoneFormatted',
  include: 'the 25 contacts with a field under @include',
  viewer: 'the 25 contacts with viewer as second root field',
  actions: 'the 25 contacts with nextBestActions',
  actionsAlone: '25 contacts with nextBestActions alone',
  searchRare: 'search by a rare word',
  searchCommon: 'search by a common word',
  searchTwo: 'search by two letters',
  searchPhone: 'search by a part of a phone number',
  filter: 'filter by two tags and a stage',
  createNote: 'write a note',
  restList: 'REST: list of 25 contacts',
  restProfile: 'REST: profile of one contact',
} as const

export type OperationName = keyof typeof operations

// proof: the keys of the table are its names
export const operationNames = Object.keys(operations) as OperationName[]

export const searches = { searchRare: 'zbigniew', searchCommon: 'anderson', searchTwo: 'an', searchPhone: '2120003' } as const

/** What the peers look for in the text of a contact: the gateway takes two letters for the beginning of a word. */
export const searchedTexts = { ...searches, searchTwo: ` ${searches.searchTwo}` } as const

/** Whom the questions are about: all of it is known before anything is measured. */
export interface Subjects {
  readonly organization: string
  /** A contact like all the others. */
  readonly contact: string
  readonly email: string
  /** The one with a long history. */
  readonly longHistory: string
  /** The last entry before page 1,000 of that history. */
  readonly before: { readonly at: string; readonly id: string; readonly cursor: string }
}

export interface Question {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: () => string
}

/** A server that is measured: how it is started, asked and read. */
export interface Target {
  readonly name: string
  readonly program: string
  /** The arguments of Node beside the program. */
  readonly flags?: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  /** What it is asked; what is left out it cannot do. */
  questions(subjects: Subjects, form: Form): Partial<Record<OperationName, Question>>
  /** The answer in a form that all have in common, or whatever else proves that it is one. */
  read(name: OperationName, answer: unknown): Answer
}

export interface Answer {
  readonly contacts?: readonly Record<string, unknown>[]
  readonly timeline?: readonly Record<string, unknown>[]
  readonly written?: boolean
  readonly profile?: { readonly contact: string; readonly notes: number; readonly entries: number }
}

/** The same fields in the same spelling, whichever server answers. */
export function contactAs(contact: Record<string, any>): Record<string, unknown> {
  const { id, phone, email, firstName, lastName, company, countryCode, lifecycleStage, tags, createdAt } = contact
  return {
    id,
    phone,
    email,
    firstName,
    lastName,
    company,
    countryCode,
    tags,
    lifecycleStage: String(lifecycleStage).toLowerCase(),
    createdAt: Date.parse(createdAt),
    ...(contact['notes'] && { notes: contact['notes'].map(noteAs) }),
    ...(contact['timeline'] && { timeline: contact['timeline'].map(entryAs) }),
    ...(contact['preferences'] && {
      preferences: Object.fromEntries(
        contact['preferences'].map((one: any) => [one.channel.toLowerCase(), one.state.toLowerCase()]).toSorted(),
      ),
    }),
  }
}

export function entryAs(entry: Record<string, any>): Record<string, unknown> {
  const { id, occurredAt, direction, subject, about, durationSeconds, name } = entry
  return {
    id,
    occurredAt: Date.parse(occurredAt),
    direction: direction?.toLowerCase() ?? null,
    subject: subject ?? about ?? name ?? null,
    durationSeconds: durationSeconds ?? null,
  }
}

function noteAs({ id, body, pinned, author, createdAt }: Record<string, any>): Record<string, unknown> {
  return { id, body, pinned, author, createdAt: Date.parse(createdAt) }
}
