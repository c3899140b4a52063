import { firstLetter, fours, hasTrigramOfFirst, partTerms, threes } from '../../kernel/search-text.ts'
import { Prisma } from '../generated/client.ts'

/** What must stand in a contact: a part of a word, the beginning of a word, or digits within a number or a word. Folded like `contacts.search_text`. */
export interface SearchAtom {
  readonly kind: 'part' | 'start' | 'digits'
  readonly text: string
}

/** Any of these must be found, all atoms of it. */
export type SearchWord = readonly (readonly SearchAtom[])[]

/** The condition that a word is found in the contact `c`, for contacts that are looked at one by one. */
export function wordSeen(word: SearchWord): Prisma.Sql {
  return anyOf(word, seen)
}

/** The same condition in terms of the index `contacts_living_words`, which would cost much more for each contact that is looked at without it. */
export function wordIndexed(word: SearchWord): Prisma.Sql {
  return anyOf(word, indexed)
}

function anyOf(word: SearchWord, condition: (atom: SearchAtom) => Prisma.Sql): Prisma.Sql {
  const alternatives = word.map((atoms) => Prisma.sql`(${Prisma.join(atoms.map(condition), ' and ')})`)
  return Prisma.sql`(${Prisma.join(alternatives, ' or ')})`
}

function seen({ kind, text }: SearchAtom): Prisma.Sql {
  switch (kind) {
    case 'part':
      return Prisma.sql`strpos(c.search_text, ${text}) > 0`
    case 'start':
      return Prisma.sql`strpos(c.search_text, ${` ${text}`}) > 0`
    case 'digits':
      return Prisma.sql`(strpos(c.search_digits, ${text}) > 0 or strpos(c.search_text, ${text}) > 0)`
  }
}

/** Three letters or digits next to each other, of those that every locale of a database takes for such: less than that no index of trigrams finds. */
const trigram = /[a-z0-9]{3}/

function indexed({ kind, text }: SearchAtom): Prisma.Sql {
  switch (kind) {
    case 'part':
      return trigram.test(text) ? like(`%${escapeLike(text)}%`) : withTerms('@>', partTerms(text), seen({ kind, text }))
    case 'start':
      return hasTrigramOfFirst(text)
        ? like(`% ${escapeLike(text)}%`)
        : withTerms('@>', [firstLetter(text), ...partTerms(text)], seen({ kind, text }))
    case 'digits': {
      const inNumber = Prisma.sql`strpos(c.search_digits, ${text}) > 0`
      const number = text.length === 3 ? withTerms('&&', threes(text), inNumber) : withTerms('@>', fours(text), inNumber)
      return Prisma.sql`(${number} or ${like(`%${text}%`)})`
    }
  }
}

function like(pattern: string): Prisma.Sql {
  return Prisma.sql`c.search_text like (select ${pattern})`
}

/** What the terms find is looked at again, in a way for which no index of trigrams is read from end to end. */
function withTerms(operator: '@>' | '&&', terms: readonly number[], again: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(c.search_terms ${Prisma.raw(operator)} (select ${[...terms]}::int[]) and ${again})`
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`)
}
