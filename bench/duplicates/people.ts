/** A person of a labelled set: contacts with one `person` are the same person. */
export interface Labelled {
  readonly person: number
  readonly firstName: string
  readonly lastName: string
  readonly company: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly extension: string
}

const given = 'Anna Benjamin Carla David Elena Felix Greta Hannah Ivan Julia Katharina Leonhard Maria Nikolai Olivia Peter Robert Sarah Thomas Ursula'.split(' ') // prettier-ignore
const family = 'Müller Schmidt García Rossi Novak Kowalski Johnson Williams Tanaka Petrov Weber Fischer Becker Hoffmann Schulz Köhler Larsen Dubois Moreau Silva'.split(' ') // prettier-ignore
const companies = 'Northwind Contoso Fabrikam Globex Initech Umbrella Hooli Vandelay Stark Wayne'.split(' ')

/** Makes people, copies of them as they come from other systems, and people who are easily taken for one another. Reproducible by its seed. */
export function labelledSet(people: number, seed: number): Labelled[] {
  const random = generator(seed)
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item // proof: the index is below the length
  const digits = (count: number) => Array.from({ length: count }, () => Math.floor(random() * 10)).join('')
  const contacts: Labelled[] = []
  for (let person = 0; person < people; person += 1) {
    const [firstName, lastName, company] = [`${pick(given)}${random() < 0.5 ? '' : `-${pick(given)}`}`, `${pick(family)}${random() < 0.5 ? '' : ` ${pick(family)}`}`, pick(companies)] // prettier-ignore
    const name = `${firstName}.${lastName}`.toLowerCase().normalize('NFKD').replace(/[^a-z.]/g, '') // prettier-ignore
    const base = { person, firstName, lastName, company, email: `${name}${person}@example.com`, phone: `+1415${digits(7)}`, extension: '' }
    contacts.push(base)
    const other = pick(given.filter((word) => !firstName.includes(word.slice(0, 3))))
    const kind = random()
    if (kind < 0.06) contacts.push({ ...base, email: base.email.replace('.', ''), phone: null, firstName: firstName.slice(0, 1) })
    else if (kind < 0.12) contacts.push({ ...base, email: base.email.replace('@', '+news@'), phone: null })
    else if (kind < 0.18) contacts.push({ ...base, email: `${name}${person}@home.example`, phone: null, lastName: typo(lastName, random) })
    else if (kind < 0.24) contacts.push({ ...base, email: null, phone: base.phone, extension: '12' })
    else if (kind < 0.3) contacts.push({ ...base, email: `${name}${person}@new.example`, phone: null, company: pick(companies) })
    else if (kind < 0.36) contacts.push({ ...base, email: null, phone: `+49${base.phone.slice(2)}`, firstName: firstName.slice(0, 3) })
    // Not the same person: a family with one number, numbers that end alike, a mailbox that is shared.
    else if (kind < 0.5)
      contacts.push({ ...base, person: person + people, firstName: other, email: `x${person}@example.com`, extension: '7' })
    else if (kind < 0.6)
      contacts.push({ ...base, person: person + people, firstName: other, lastName: pick(family), email: null, phone: `+1212${base.phone.slice(5)}` }) // prettier-ignore
    else if (kind < 0.65)
      contacts.push({ ...base, person: person + people, firstName: other, email: base.email.replace('@', '+family@'), phone: null })
  }
  return contacts
}

function typo(word: string, random: () => number): string {
  const at = 1 + Math.floor(random() * (word.length - 2))
  return word.slice(0, at) + word.slice(at + 1)
}

/** Mulberry32: a small generator that gives the same numbers for the same seed. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296
  }
}
