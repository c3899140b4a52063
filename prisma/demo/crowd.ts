import type { History, Message, Person, Stage } from './history.ts'
import { type Place, places } from './places.ts'
import { parsePhone } from '../../src/kernel/phone.ts'
import { fold } from '../../src/kernel/text.ts'

type Channel = Message['channel']

const channels: readonly Channel[] = ['email', 'sms', 'whatsapp']
const tags = ['newsletter', 'VIP', 'trial', 'webinar', 'wholesale', 'beta', 'referrer', 'trade fair'] as const
const path: readonly Stage[] = ['subscriber', 'lead', 'qualified', 'opportunity', 'customer', 'advocate']

/** People without a story of their own: enough of them that lists, searches and figures look like life. */
export function crowd(history: History, size: number): void {
  const taken = new Set<string>()
  for (let index = 0; index < size; index += 1) member(history, index, taken)
}

function member(history: History, index: number, taken: Set<string>): void {
  const { chance } = history
  const place = chance.pick(places)
  const firstName = chance.pick(place.first)
  const lastName = chance.pick(place.last)
  const phone = chance.happens(0.9) ? freshPhone(history, place, taken) : undefined
  const mailbox = fold(`${firstName}.${lastName}`).replace(/[^a-z.]/g, '')
  const email =
    phone === undefined || chance.happens(0.85)
      ? `${mailbox}${index}@example.${place.country === 'GB' ? 'co.uk' : place.country.toLowerCase()}`
      : undefined
  const age = chance.between(2, 395)
  const person = history.contact(
    {
      firstName,
      lastName,
      phone,
      email,
      company: chance.happens(0.4) ? chance.pick(place.companies) : undefined,
      countryCode: place.country,
      timezone: chance.happens(0.85) ? chance.pick(place.timezones) : undefined,
      language: place.language,
      tags: tags.filter(() => chance.happens(0.15)),
      lifecycleStage: 'subscriber',
    },
    history.ago(age, chance.between(6, 20)),
  )
  live(history, person, age, phone === undefined ? ['email'] : email === undefined ? ['sms', 'whatsapp'] : channels)
}

/** Lets the days between a contact's creation and now pass. */
function live(history: History, person: Person, age: number, reachable: readonly Channel[]): void {
  const { chance } = history
  const goal = chance.between(0, path.length - 1)
  for (const [step, stage] of path.slice(1, goal + 1).entries()) person.stage(history.ago(age * (1 - (step + 1) / (goal + 2))), stage)
  if (goal >= 4 && chance.happens(0.2)) person.stage(history.ago(age * 0.1), 'churned', 'Billing')
  for (const channel of reachable) {
    if (chance.happens(0.6))
      person.consent({
        channel,
        state: chance.happens(0.85) ? 'opted_in' : 'opted_out',
        source: 'web_form',
        lawfulBasis: 'consent',
        recordedAt: history.ago(age * 0.95),
      })
  }
  const favourite = chance.pick(reachable)
  const hour = chance.between(8, 20)
  for (let sent = chance.between(1, 14); sent > 0; sent -= 1)
    converse(history, person, age * chance.next() * 0.9, favourite, reachable, hour)
  if (chance.happens(0.25))
    person.call({
      occurredAt: history.ago(age * chance.next()),
      direction: chance.pick(['inbound', 'outbound']),
      status: chance.pick(['answered', 'answered', 'no_answer', 'voicemail']),
      durationSeconds: chance.between(20, 900),
    })
  if (chance.happens(0.15)) help(history, person, age * chance.next())
  for (let seen = chance.between(0, 4); seen > 0; seen -= 1)
    person.event(history.ago(age * chance.next()), chance.pick(['page_viewed', 'email_opened', 'cart_abandoned', 'order_placed']), {
      page: chance.pick(['/pricing', '/blog', '/docs', '/cart']),
    })
  if (chance.happens(0.3))
    person.note(
      history.ago(age * chance.next()),
      chance.pick(['Priya (Sales)', 'Nils (Support)', 'Ruby (Sales)']),
      chance.pick([
        'Asked for a call next quarter.',
        'Met at the fair, friendly.',
        'Wants the invoice by mail.',
        'Interested in the yearly plan.',
      ]),
    )
}

/** A message to the contact and, more often on its favourite channel, an answer. */
function converse(history: History, person: Person, days: number, favourite: Channel, reachable: readonly Channel[], hour: number): void {
  const { chance } = history
  const channel = chance.happens(0.5) ? favourite : chance.pick(reachable)
  const sentAt = history.ago(days, chance.between(8, 19))
  person.message({
    occurredAt: sentAt,
    channel,
    direction: 'outbound',
    category: chance.pick(['marketing', 'service', 'service', 'transactional']),
    status: chance.pick(['delivered', 'read', 'read', 'sent']),
    body: chance.pick(['How are you getting on?', 'Your order is on its way.', 'We have news for you.']),
  })
  if (!chance.happens(channel === favourite ? 0.45 : 0.12)) return
  const answeredAt = new Date(Math.min(history.now.getTime(), sentAt.getTime() + chance.between(5, 300) * 60_000))
  answeredAt.setUTCMinutes(chance.between(0, 59))
  if (chance.happens(0.6)) answeredAt.setUTCHours(hour)
  if (answeredAt <= sentAt || answeredAt > history.now) return
  person.message({
    occurredAt: answeredAt,
    channel,
    direction: 'inbound',
    status: 'received',
    routedTo: 'inbox',
    body: chance.pick(['Thanks!', 'Can you call me?', 'Sounds good.', 'Not now, sorry.']),
  })
}

function help(history: History, person: Person, days: number): void {
  const { chance } = history
  const solved = chance.happens(0.75)
  person.ticket({
    occurredAt: history.ago(days),
    subject: chance.pick(['Cannot sign in', 'Where is my order?', 'Wrong invoice', 'How do I change my plan?']),
    status: solved ? chance.pick(['solved', 'closed']) : chance.pick(['open', 'pending']),
    priority: chance.pick(['low', 'normal', 'normal', 'high']),
    firstReplyAt: history.ago(days * 0.98),
    closedAt: solved ? history.ago(days * 0.9) : null,
  })
}

/** A valid number that nobody else in the demo has. */
function freshPhone(history: History, place: Place, taken: Set<string>): string {
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    const number = history.chance.pick(place.phones).replace(/#/g, () => String(history.chance.between(0, 9)))
    if (taken.has(number) || !isValid(number)) continue
    taken.add(number)
    return number
  }
  throw new RangeError(`The phone numbers of ${place.country} are used up.`)
}

function isValid(number: string): boolean {
  try {
    parsePhone(number, null)
    return true
  } catch {
    return false
  }
}
