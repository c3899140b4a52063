import type { AddressKind } from '../../data/generated/client.ts'
import type { NewAddress, StoredAddress } from '../../data/sql/contact-addresses.ts'
import type { Context } from '../context.ts'
import { updateContact } from './commands.ts'
import { type ContactPointsInput, decidePoints, type ExternalId, externalIdOf } from './contact-points.ts'
import { addressKeyOf } from './keys.ts'
import type { Precondition } from './revision.ts'

/** Addresses and external ids to take from a contact. Numbers and addresses may be in any spelling. */
export interface AddressesToRemove {
  readonly phoneNumbers?: readonly string[] | null | undefined
  readonly emailAddresses?: readonly string[] | null | undefined
  readonly externalIds?: readonly ExternalId[] | null | undefined
}

type Lists = ReadonlyMap<AddressKind, readonly NewAddress[]>

/**
 * Adds addresses to those of a contact, which keeps all others. One that it has already gets the label that is given, and becomes the primary one if the
 * input says so. @returns the id of the contact
 * @throws NotFound, RevisionConflict, InvalidInput, InvalidPhoneNumber, InvalidEmail, ContactAlreadyExists
 */
export async function addAddresses(
  context: Context,
  id: string,
  given: ContactPointsInput,
  preconditions: readonly Precondition[] = [],
): Promise<string> {
  const namesPrimary = {
    phone: given.phoneNumbers?.some(({ isPrimary }) => isPrimary === true) === true,
    email: given.emailAddresses?.some(({ isPrimary }) => isPrimary === true) === true,
    external: false,
  }
  const change = (stored: readonly StoredAddress[], country: string | null) =>
    inputOf(editLists(stored, parseLists(given, country), (list, added, kind) => unite(list, added, namesPrimary[kind])))
  return updateContact(context, id, change, preconditions)
}

/**
 * Takes addresses from a contact, which keeps all others. Those that it does not have are ignored. In place of the primary one, the first of the others
 * becomes primary. @returns the id of the contact
 * @throws NotFound, RevisionConflict, InvalidInput, InvalidPhoneNumber, InvalidEmail, MissingRequiredField if the contact would have none left
 */
export async function removeAddresses(
  context: Context,
  id: string,
  { phoneNumbers, emailAddresses, externalIds }: AddressesToRemove,
  preconditions: readonly Precondition[] = [],
): Promise<string> {
  const given = {
    phoneNumbers: phoneNumbers?.map((value) => ({ value })),
    emailAddresses: emailAddresses?.map((value) => ({ value })),
    externalIds,
  }
  const change = (stored: readonly StoredAddress[], country: string | null) =>
    inputOf(
      editLists(stored, parseLists(given, country), (list, removed) => {
        const keys = new Set(removed.map(addressKeyOf))
        return list.filter((point) => !keys.has(addressKeyOf(point)))
      }),
    )
  return updateContact(context, id, change, preconditions)
}

/** The lists of an input, parsed: those of new contacts. */
function parseLists(given: ContactPointsInput, country: string | null): Lists {
  return decidePoints([], given, country).lists
}

/** What becomes of each stored list of which the input has something to say. */
function editLists(
  stored: readonly StoredAddress[],
  given: Lists,
  edit: (list: readonly NewAddress[], given: readonly NewAddress[], kind: AddressKind) => readonly NewAddress[],
): Lists {
  return new Map(
    [...given].map(([kind, points]) => [
      kind,
      edit(
        stored.filter((address) => address.kind === kind),
        points,
        kind,
      ),
    ]),
  )
}

function unite(list: readonly NewAddress[], added: readonly NewAddress[], namesPrimary: boolean): NewAddress[] {
  const byKey = new Map(added.map((point) => [addressKeyOf(point), point]))
  const known = new Set(list.map(addressKeyOf))
  const kept = list.map((point) => {
    const given = byKey.get(addressKeyOf(point))
    return { ...point, label: given?.label ?? point.label, isPrimary: namesPrimary ? given?.isPrimary === true : point.isPrimary }
  })
  const further = added.filter((point) => !known.has(addressKeyOf(point)))
  return [...kept, ...further.map((point) => ({ ...point, isPrimary: namesPrimary && point.isPrimary }))]
}

function inputOf(lists: Lists): ContactPointsInput {
  const [phones, emails, ids] = [lists.get('phone'), lists.get('email'), lists.get('external')]
  return {
    ...(phones && { phoneNumbers: phones.map(({ value, extension, label, isPrimary }) => ({ value, extension, label, isPrimary })) }),
    ...(emails && { emailAddresses: emails.map(({ value, label, isPrimary }) => ({ value, label, isPrimary })) }),
    ...(ids && { externalIds: ids.map(externalIdOf) }),
  }
}
