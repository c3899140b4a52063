/** A contact of a labelled set: contacts with one `person` are the same person. */
export interface Labelled {
  readonly person: number
  /** How a second contact differs from the first one of its person, or whom it is taken for though it is another person. */
  readonly kind: Kind
  readonly firstName: string
  readonly lastName: string
  readonly company: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly extension: string
}

export type Kind = 'first' | (typeof same)[number] | (typeof others)[number]

/** The same person once more. */
export const same = [
  'email with other dots',
  'email with a plus',
  'another email, typing error in the name',
  'same number, an extension',
  'moved to another company',
  'number with another prefix, short name',
  'same number, nickname',
  'same number, name without accents',
  'same number, names swapped',
  'same number, name unknown',
  'same name and company, other addresses',
] as const

/** Another person who is easily taken for the first one. */
export const others = [
  'family with one number',
  'number that ends alike',
  'mailbox of a family',
  'namesake in another company',
  'another person at the number of an office',
  'parent and child with one number',
] as const

const given = 'Anna Benjamin Carla David Elena Felix Greta Hannah Ivan Julia Katharina Leonhard Maria Nikolai Olivia Peter Robert Sarah Thomas Ursula'.split(' ') // prettier-ignore
const family = 'Müller Schmidt García Rossi Novak Kowalski Johnson Williams Tanaka Petrov Weber Fischer Becker Hoffmann Schulz Köhler Larsen Dubois Moreau Silva'.split(' ') // prettier-ignore
const companies = 'Northwind Contoso Fabrikam Globex Initech Umbrella Hooli Vandelay Stark Wayne'.split(' ')

/** Some of these are the beginning of the name, and most are not. */
const nicknames: readonly (readonly [string, string])[] = [['William', 'Bill'], ['Robert', 'Bob'], ['Elizabeth', 'Liz'], ['Margaret', 'Peggy'], ['Richard', 'Dick'], ['Katharina', 'Kathi'], ['Johannes', 'Hans'], ['Francisco', 'Paco'], ['Aleksandr', 'Sasha'], ['Thomas', 'Tom'], ['Benjamin', 'Ben'], ['Giuseppe', 'Beppe']] // prettier-ignore

/** Makes people, copies of them as they come from other systems, and people who are easily taken for one another. Reproducible by its seed. */
export function labelledSet(people: number, seed: number): Labelled[] {
  const random = generator(seed)
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item // proof: the index is below the length
  const contacts: Labelled[] = []
  for (let person = 0; person < people; person += 1) {
    const second = random() < 0.6 ? pick(random() < 0.6 ? same : others) : null
    const [long, short] = pick(nicknames)
    const firstName = second === 'same number, nickname' ? long : `${pick(given)}${random() < 0.5 ? '' : `-${pick(given)}`}`
    const lastName = `${pick(family)}${random() < 0.5 ? '' : ` ${pick(family)}`}`
    const company = pick(companies)
    const name = plain(`${firstName}.${lastName}`)
    const base: Labelled = {
      person,
      kind: 'first',
      firstName,
      lastName,
      company,
      email: `${name}${person}@example.com`,
      phone: `+1415${digitsOf(person, 7919)}`,
      extension: '',
    }
    contacts.push(base)
    if (second !== null) contacts.push({ ...base, kind: second, ...secondOf(second) })

    function secondOf(kind: Exclude<Kind, 'first'>): Partial<Labelled> {
      const [email, phone] = [base.email ?? '', base.phone ?? '']
      const stranger = { person: person + people, firstName: pick(given.filter((word) => !firstName.includes(word.slice(0, 3)))) }
      switch (kind) {
        case 'email with other dots':
          return { email: email.replace('.', ''), phone: null, firstName: firstName.slice(0, 1) }
        case 'email with a plus':
          return { email: email.replace('@', '+news@'), phone: null }
        case 'another email, typing error in the name':
          return { email: `${name}${person}@home.example`, phone: null, lastName: typo(lastName, random) }
        case 'same number, an extension':
          return { email: null, extension: '12' }
        case 'moved to another company':
          return { email: `${name}${person}@new.example`, phone: null, company: pick(companies.filter((one) => one !== company)) }
        case 'number with another prefix, short name':
          return { email: null, phone: `+1628${phone.slice(5)}`, firstName: firstName.slice(0, 3) }
        case 'same number, nickname':
          return { email: `${plain(short)}${person}@home.example`, extension: '3', firstName: short }
        case 'same number, name without accents':
          return { email: null, extension: '4', firstName: accentless(firstName), lastName: accentless(lastName) }
        case 'same number, names swapped':
          return { email: null, extension: '5', firstName: lastName, lastName: firstName }
        case 'same number, name unknown':
          return { email: null, extension: '6', firstName: '', lastName: '', company: null }
        case 'same name and company, other addresses':
          return { email: `office${person}@example.org`, phone: `+1646${digitsOf(person, 6007)}` }
        case 'family with one number':
          return { ...stranger, email: `x${person}@example.com`, extension: '7' }
        case 'number that ends alike':
          return { ...stranger, lastName: pick(family), email: null, phone: `+1212${phone.slice(5)}` }
        case 'mailbox of a family':
          return { ...stranger, email: email.replace('@', '+family@'), phone: null }
        case 'namesake in another company':
          return { person: person + people, company: pick(companies.filter((one) => one !== company)), email: `other${person}@example.net`, phone: `+1305${digitsOf(person, 4421)}` } // prettier-ignore
        case 'another person at the number of an office':
          return { ...stranger, lastName: pick(family), email: `y${person}@example.com`, extension: '8' }
        case 'parent and child with one number':
          return { ...stranger, email: `z${person}@example.com`, extension: '9', company: null }
      }
    }
  }
  return contacts
}

/** Seven digits of a number, which no other person has. */
function digitsOf(person: number, factor: number): string {
  return String(2_000_000 + ((person * factor) % 7_999_993))
}

function plain(text: string): string {
  return text.toLowerCase().normalize('NFKD').replace(/[^a-z.]/g, '') // prettier-ignore
}

/** As systems without accents write a name: umlauts as two letters, other accents left out. */
function accentless(text: string): string {
  return text.replaceAll('ü', 'ue').replaceAll('ö', 'oe').normalize('NFKD').replaceAll(/\p{M}/gu, '')
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
