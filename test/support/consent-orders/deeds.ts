import type { Db } from '../../../src/data/database.ts'
import { recordActivities } from '../../../src/domain/activities/commands.ts'
import { blockContact, unblockContact } from '../../../src/domain/blocking/commands.ts'
import { createContact, deleteContacts, updateContact } from '../../../src/domain/contacts/commands.ts'
import { restoreContacts } from '../../../src/domain/contacts/restore.ts'
import { eraseContacts } from '../../../src/domain/erasure/commands.ts'
import { mergeContacts } from '../../../src/domain/merging/commands.ts'
import { unmergeContacts } from '../../../src/domain/merging/unmerge.ts'
import { changeByLink, optOutByLink } from '../../../src/domain/preference-links/commands.ts'
import { confirmByLink } from '../../../src/domain/preference-links/confirm.ts'
import { createConfirmationLink, createPreferenceLink } from '../../../src/domain/preference-links/create.ts'
import { setPreferences } from '../../../src/domain/preferences/commands.ts'
import { optOut } from '../../../src/domain/preferences/opt-out.ts'
import { liftSuppression, suppressAddresses } from '../../../src/domain/suppression/commands.ts'
import { findSuppressions } from '../../../src/domain/suppression/queries.ts'
import { importDeeds } from './imports.ts'
import type { ModelChannel } from './model.ts'
import { minute, note, noteSaid, textChannels } from './notes.ts'
import { channels, type Deed, emails, phones, type Step } from './steps.ts'
import { kindOf, type Person, type World } from './world.ts'

/** A link that was sent. */
export interface Link {
  readonly token: string
  readonly purpose: 'preferences' | 'confirmation'
  readonly contact: string
  readonly channel: ModelChannel
  readonly topic: string | null
  readonly address: string | null
}

/** Does a step, and writes down what it means for consent. @returns whether anything happened */
type Do = (world: World, step: Step, links: Link[]) => Promise<boolean>

const idOf = ({ ids }: World, number: number) => ids[number % Math.max(ids.length, 1)]
const phoneOf = ({ phone }: Step) => phones[phone] ?? ''
const emailOf = ({ email }: Step) => emails[email] ?? ''
const topicOf = (world: World, { topic }: Pick<Step, 'topic'>) => (topic === null ? null : (world.topics.get(topic)?.id ?? null))

const say: Do = async (world, step) => {
  const id = idOf(world, step.who)
  if (id === undefined) return false
  const now = world.now
  const { channel, topic, state, limits, proof } = step
  const own = world.person(id)?.points.filter((point) => point.kind === kindOf(channel)) ?? []
  const named = step.named ? own[step.pick % Math.max(own.length, 1)]?.key : undefined
  const at = step.minute === 0 ? null : now - step.minute * minute
  const until = limits === 'until' ? now + 3 * minute : null
  const present = named ?? world.primary(id, channel)
  const { recordIds } = await setPreferences(world.context, id, [
    {
      channel,
      state,
      topic,
      address: named,
      recordedAt: at === null ? null : new Date(at),
      validUntil: until === null ? null : new Date(until),
      ...(proof && { source: 'web_form', textVersion: 'v1' }),
      ...(limits === 'purpose' && { purpose: 'parcels' }),
      ...(limits === 'contract' && { lawfulBasis: 'contract' as const }),
    },
  ])
  const about = { contact: id, channel, topic: topicOf(world, step), at: at ?? now }
  if (state === 'opted_out') noteSaid(world, { ...about, what: 'out', address: present })
  if (state !== 'opted_in' || topic === 'club' || recordIds.length === 0) return true
  const licenses = limits !== 'contract' && (limits !== 'purpose' || topic !== null)
  // An opt-in of a contact that has no address for the channel is about none: which one it was given for is not known.
  const hasNone = world.person(world.survivorOf(id))?.points.every(({ kind }) => kind !== kindOf(channel)) === true
  const address = hasNone ? null : (named ?? (at === null ? present : world.primaryAt(id, channel, at)))
  noteSaid(world, { ...about, what: 'in', address, isProven: proof, licenses, until })
  return true
}

const write: Do = async (world, step) => {
  const id = step.named ? idOf(world, step.who) : undefined
  const phone = phoneOf(step)
  const at = world.now - (step.minute - 1) * minute * 3
  const before = id ?? world.holderOf(phone)?.id ?? null
  const address = id === undefined ? phone : world.primary(id, 'sms')
  const [outcome] = await recordActivities(world.context, [
    {
      message: {
        contact: id === undefined ? { phone } : { id },
        createContact: id === undefined && step.pick === 0,
        occurredAt: new Date(at),
        channel: step.channel,
        direction: 'inbound',
        body: step.word,
      },
    },
  ])
  const { channel } = step
  const isKept = outcome?.status !== 'rejected'
  if (channel === 'email' || channel === 'push' || step.word === 'hello') return isKept
  if (step.word === 'start' && !isKept) return false
  await world.look()
  const contact = before ?? world.holderOf(phone)?.id ?? null
  noteSaid(world, { what: step.word === 'STOP' ? 'stop' : 'start', contact, channel, address, at: Math.min(at, world.now) })
  return true
}

const complain: Do = async (world, step) => {
  const { channel } = step
  if (channel === 'push') return false
  const id = step.named ? idOf(world, step.who) : undefined
  const named = channel === 'email' ? { email: emailOf(step) } : { phone: phoneOf(step) }
  const address = id === undefined ? (channel === 'email' ? emailOf(step) : phoneOf(step)) : world.primary(id, channel)
  const message = { channel, direction: 'outbound' as const, occurredAt: new Date(world.now - minute), failureReason: 'complaint' as const }
  await recordActivities(world.context, [{ message: { contact: id === undefined ? named : { id }, ...message } }])
  const contact = id ?? (address === null ? null : (world.holderOf(address)?.id ?? null))
  noteSaid(world, { what: 'complaint', contact, channel, address })
  return true
}

const optOutOf: Do = async (world, step) => {
  const { channel, topic } = step
  const id = step.named ? idOf(world, step.who) : undefined
  const isEmail = channel === 'email'
  const contact = id === undefined ? (isEmail ? { email: emailOf(step) } : { phone: phoneOf(step) }) : { id }
  const { contactIds, channels: named } = await optOut(world.context, { contact, channels: step.pick === 0 ? null : [channel], topic })
  const about = { what: 'out' as const, topic: topicOf(world, step) }
  for (const one of channels.filter((known) => named.includes(known))) {
    const address = id === undefined ? (isEmail ? emailOf(step) : phoneOf(step)) : world.primary(id, one)
    for (const holder of id === undefined ? (contactIds.length === 0 ? [null] : contactIds) : [id])
      noteSaid(world, { ...about, contact: holder, channel: one, address })
  }
  return true
}

const suppress: Do = async (world, step) => {
  const address = step.channel === 'email' ? emailOf(step) : phoneOf(step)
  const isAll = step.pick === 0 || step.channel === 'push'
  await suppressAddresses(world.context, { addresses: [address], channels: isAll ? null : [step.channel] })
  for (const channel of isAll ? [null] : textChannels(step.channel))
    note(world, { what: 'listed', contact: null, address, reason: 'manual', channel })
  return true
}

const lift: Do = async (world, step) => {
  const address = step.named ? phoneOf(step) : emailOf(step)
  const { items } = await findSuppressions(world.context, { address }, { limit: 50, direction: 'forward', from: null, total: false })
  const entry = items[step.pick % Math.max(items.length, 1)]
  if (entry === undefined) return false
  await liftSuppression(world.context, entry.id, 'A test.')
  const channel = channels.find((name) => name === entry.channel) ?? null
  // Channels that the model does not know.
  if (channel === null && entry.channel !== '') return true
  note(world, { what: 'lift', contact: null, address, reason: entry.reason, channel, topic: entry.topicId === '' ? null : entry.topicId })
  return true
}

const blocking =
  (what: 'block' | 'unblock'): Do =>
  async (world, step) => {
    const id = idOf(world, step.who)
    if (id === undefined) return false
    await (what === 'block' ? blockContact : unblockContact)(world.context, { contactId: id })
    const person = world.person(id)
    if (person?.isLiving !== true) return false
    note(world, { what, contact: id, address: null, addresses: person.points.map(({ key }) => key) })
    return true
  }

const change = (world: World, id: string, fields: { phone?: string | null; email?: string | null }) =>
  updateContact(world.context, id, fields)

const take: Do = async (world, step) => {
  const id = idOf(world, step.who)
  const phone = phoneOf(step)
  const holder = world.holderOf(phone)
  if (id === undefined) return false
  if (holder !== undefined && holder.id !== id) await updateContact(world.context, holder.id, { phoneNumbers: null })
  await change(world, id, { phone })
  return true
}

const add: Do = async (world, step) => {
  const person = world.person(idOf(world, step.who))
  if (person === undefined) return false
  const numbers = person.points.filter(({ kind }) => kind === 'phone').map(({ key, isPrimary }) => ({ value: key, isPrimary }))
  await updateContact(world.context, person.id, { phoneNumbers: [...numbers, { value: phoneOf(step), isPrimary: numbers.length === 0 }] })
  return true
}

const unmerge: Do = async (world, step) => {
  const where = { organizationId: world.context.actor.organizationId, unmergedAt: null }
  const merges = await world.context.db.prisma.contactMerge.findMany({ where, orderBy: { id: 'asc' }, select: { id: true } })
  const merge = merges[step.pick % Math.max(merges.length, 1)]
  if (merge === undefined) return false
  await unmergeContacts(world.context, merge.id)
  return true
}

const erase: Do = async (world, step) => {
  const id = idOf(world, step.who)
  if (id === undefined) return false
  const persons = [...world.personsOf(world.survivorOf(id))]
    .map((one) => world.person(one))
    .filter((one): one is Person => one !== undefined)
  const own = persons.flatMap(({ points }) => points.map(({ key }) => key))
  const { erasures } = await eraseContacts(world.context, { ids: [id], reason: 'Request of May' })
  if (erasures.length === 0) return false
  await world.look()
  for (const address of new Set(own.filter((one) => world.holderOf(one) === undefined)))
    note(world, { what: 'listed', contact: null, address, reason: 'erasure', channel: null })
  return true
}

const makeLink: Do = async (world, step, links) => {
  const id = idOf(world, step.who)
  if (id === undefined) return false
  const { channel, topic } = step
  const purpose = step.state === 'pending' ? 'confirmation' : 'preferences'
  const input = { contactId: id, channel, topic }
  const { token } = await (purpose === 'confirmation' ? createConfirmationLink : createPreferenceLink)(world.context, input)
  links.push({ token, purpose, contact: id, channel, topic: topicOf(world, step), address: world.primary(id, channel) })
  return true
}

const linkFor = (links: readonly Link[], { pick }: Step, purpose: Link['purpose']) => {
  const own = links.filter((link) => link.purpose === purpose)
  return own[pick % Math.max(own.length, 1)]
}

// proof: the context of a test has the database itself, and no transaction
const servicesOf = ({ context: { db, now, secretKeys } }: World) => ({ db: db as Db, now, secretKeys })

const oneClick: Do = async (world, step, links) => {
  const link = linkFor(links, step, 'preferences')
  if (link === undefined) return false
  await optOutByLink(servicesOf(world), link.token, null)
  noteSaid(world, { what: 'out', contact: link.contact, channel: link.channel, topic: link.topic, address: link.address })
  return true
}

const changeLink: Do = async (world, step, links) => {
  const link = linkFor(links, step, 'preferences')
  if (link === undefined || step.state === 'pending') return false
  const { channel, state } = step
  const topicId = topicOf(world, step)
  await changeByLink(servicesOf(world), link.token, { edits: [{ channel, topicId, state }], language: 'en' }, null)
  const survivor = world.survivorOf(link.contact)
  const address = channel === link.channel ? link.address : world.primary(survivor, channel)
  if (state === 'opted_out') noteSaid(world, { what: 'out', contact: link.contact, channel, topic: topicId, address })
  const own = world.person(survivor)?.points.map(({ key }) => key) ?? []
  const primary = world.person(survivor)?.points.find((point) => point.kind === kindOf(channel) && point.isPrimary)?.key ?? null
  const isSound = link.address === null || own.includes(link.address)
  if (state === 'opted_in' && isSound && (step.topic !== 'club' || primary === link.address))
    noteSaid(world, { what: 'in', contact: survivor, channel, topic: topicId, address: primary, isProven: true })
  return true
}

const confirm: Do = async (world, step, links) => {
  const link = linkFor(links, step, 'confirmation')
  if (link === undefined) return false
  await confirmByLink(servicesOf(world), link.token, null)
  noteSaid(world, { what: 'in', contact: link.contact, channel: link.channel, topic: link.topic, address: link.address, isProven: true })
  return true
}

const done = async (work: Promise<unknown>) => {
  await work
  return true
}

export const deeds: Readonly<Record<Deed, Do>> = {
  say,
  write,
  complain,
  'opt out': optOutOf,
  suppress,
  lift,
  block: blocking('block'),
  unblock: blocking('unblock'),
  create: (world, step) =>
    done(
      createContact(world.context, {
        phone: step.pick === 1 ? null : phoneOf(step),
        email: step.pick === 2 ? null : emailOf(step),
      }),
    ),
  delete: (world, step) => done(deleteContacts(world.context, [idOf(world, step.who) ?? ''])),
  restore: (world, step) => done(restoreContacts(world.context, [idOf(world, step.who) ?? ''])),
  change: (world, step) => {
    const fields = step.named ? { phone: step.pick === 0 ? null : phoneOf(step) } : { email: step.pick === 0 ? null : emailOf(step) }
    return done(change(world, idOf(world, step.who) ?? '', fields))
  },
  take,
  add,
  ...importDeeds,
  merge: (world, step) =>
    done(mergeContacts(world.context, { intoId: idOf(world, step.who) ?? '', fromIds: [idOf(world, step.other) ?? ''] })),
  unmerge,
  erase,
  'make link': makeLink,
  'one click': oneClick,
  'change by link': changeLink,
  confirm,
}
