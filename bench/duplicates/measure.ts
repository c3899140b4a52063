import type { Contact } from '../../src/data/generated/client.ts'
import { likeness, type Candidate } from '../../src/domain/duplicates/score.ts'
import { nameKeyOf } from '../../src/domain/contacts/names.ts'
import type { Labelled } from './people.ts'

/** How good the pairs of a labelled set are that have at least a score. */
export function measure(contacts: readonly Labelled[], minScore: number): { precision: number; recall: number; found: number } {
  const groups = new Map<string, number[]>()
  for (const [index, contact] of contacts.entries()) for (const key of alike(contact)) groups.set(key, [...(groups.get(key) ?? []), index])
  const pairs = new Set(
    [...groups.values()].flatMap((members) => members.flatMap((one, at) => members.slice(at + 1).map((other) => `${one} ${other}`))),
  )
  let [right, found] = [0, 0]
  for (const pair of pairs) {
    const [one, other] = pair.split(' ').map((index) => contacts[Number(index)])
    if (one === undefined || other === undefined || likeness(candidate(one), candidate(other)).score < minScore) continue
    found += 1
    if (one.person === other.person) right += 1
  }
  const members = new Map<number, number>()
  for (const { person } of contacts) members.set(person, (members.get(person) ?? 0) + 1)
  const all = [...members.values()].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0)
  return { precision: found === 0 ? 1 : right / found, recall: right / all, found }
}

/** The same resemblances as the index of the database. */
function alike({ email, phone, firstName, lastName }: Labelled): string[] {
  const [name = '', domain = ''] = email?.split('@') ?? []
  return [
    ...(email === null ? [] : [`email ${(name.split('+')[0] ?? '').replaceAll('.', '')}@${domain}`]),
    ...(phone === null ? [] : [`phone ${phone.slice(-7)}`]),
    `name ${nameKeyOf(`${firstName} ${lastName}`)}`,
  ]
}

function candidate({ firstName, lastName, company, email, phone, extension }: Labelled): Candidate {
  const blank = {
    contactId: '',
    label: null,
    isPrimary: true,
    verifiedAt: null,
    unreachableSince: null,
    unreachableReason: null,
    createdAt: new Date(0),
  }
  const addresses = [
    ...(email === null ? [] : [{ ...blank, kind: 'email' as const, key: email, extension: '', value: email }]),
    ...(phone === null ? [] : [{ ...blank, kind: 'phone' as const, key: phone, extension, value: phone }]),
  ]
  // proof: names and company are all that the score reads of a contact
  return { contact: { firstName, lastName, displayName: null, company } as Contact, addresses }
}
