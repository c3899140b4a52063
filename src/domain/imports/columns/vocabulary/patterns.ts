import type { Spec } from './vocabulary.ts'

/** Names that are recognized by how they begin or end, asked after the tables. Without case; spaces stand between the words. */
const patterns: readonly (readonly [RegExp, Spec])[] = [
  [/^opted out of email\b/, 'opt_out:email'],
  [/^hs email optout( \d+)?$/, 'opt_out:email'],
  [/^(?:properties )?hs email optout( \d+)?$/, 'opt_out:email'],
  [/^(?:phone|telefon|telephone|telefono|telefone|telefoon) \d+ (?:value|wert|valeur|valor|valore|waarde|wartosc)$/, 'phone'],
  [/^e ?mail 1 (?:value|wert|valeur|valor|valore|waarde|wartosc)$/, 'email'],
  [/^e ?mail \d+ (?:value|wert|valeur|valor|valore|waarde|wartosc)$/, 'email:other'],
  [/^(?:phone|e ?mail|organization|address|website|im|event|relation|custom field) \d+ (?:label|type)$/, 'attribute'],
  [/^organization \d+ name$/, 'company:other'],
  [/^address \d+ country(?: code)?$/, 'country_code:other'],
  [/^e ?mail \d+ address$/, 'email:other'],
]

/** Words in front of or behind a name that say which of several it is, in any of the languages. */
const qualifiers = new Set(
  (
    'primary main default preferred contact customer client lead person subscriber billing mailing shipping delivery invoice home work business private personal other secondary second ' +
    'additional alternate alternative direct office company day evening school current your my user member account recipient new old ' +
    'haupt privat geschäftlich dienstlich rechnung lieferung kunde kunden weitere zweite ' +
    'principal domicile bureau professionnel professionnelle personnel personnelle pro perso travail facturation livraison secondaire client autre ' +
    'trabajo casa oficina facturación envío cliente secundario otro particular profesional ' +
    'trabalho comercial residencial pessoal profissional cobrança entrega secundário outro contato contacto ' +
    'ufficio lavoro abitazione aziendale principale fatturazione spedizione secondario altro personale ' +
    'werk thuis zakelijk privé factuur klant overig ' +
    'służbowy służbowa domowy domowa prywatny prywatna firmowy firmowa główny główna dodatkowy dodatkowa inny'
  )
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .split(' '),
)

/** The words of a name: `BillingCountry_code (ISO)` is "billing country code iso". */
function wordsOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Fields of which a file can have several, so that what stands beside their name only says which one. */
const several: Readonly<Partial<Record<Spec, Spec>>> = {
  phone: 'phone:other',
  'phone:mobile': 'phone:mobile',
  'phone:other': 'phone:other',
  email: 'email:other',
  'email:other': 'email:other',
  country_code: 'country_code:other',
  'country_code:other': 'country_code:other',
  language: 'language:other',
}

/** In front of a name these say nothing: the first of several, and the one that is meant when none is named. */
const plainQualifiers = new Set([
  'primary',
  'main',
  'default',
  'preferred',
  'contact',
  'customer',
  'principal',
  'principale',
  'haupt',
  'client',
  'user',
  'person',
  '1',
])

/**
 * What a name means that no table has as it stands: by its pattern, or by what is left without a number, a word in parentheses and words
 * such as "primary" or "billing". @param find looks a name up in the tables
 */
export function specOfPattern(name: string, find: (name: string) => Spec | null): Spec | null {
  const words = wordsOf(name)
  for (const [pattern, spec] of patterns) if (pattern.test(words)) return spec
  const without = name.replace(/\s*[([{][^)\]}]*[)\]}]\s*/g, ' ').trim()
  const bare = without === '' ? null : find(without)
  // "Birthday (ISO)" is a birthday, and "Email (primary)" an address; "Phone (Fax)" is none.
  if (bare !== null && !/\bfax\b/.test(words))
    return several[bare] !== undefined && !isPlain(words)
      ? /\b(?:mobile?|cell|handy|portable|movil|celular)\b/.test(words) && bare.startsWith('phone')
        ? 'phone:mobile'
        : (several[bare] ?? bare)
      : bare
  return strip(words.split(' '), find)
}

function isPlain(words: string): boolean {
  return words.split(' ').some((word) => plainQualifiers.has(word))
}

function strip(words: readonly string[], find: (name: string) => Spec | null): Spec | null {
  let rest = [...words]
  let plain = true
  while (rest.length > 1) {
    const first = rest[0] ?? ''
    const last = rest.at(-1) ?? ''
    const isNumber = /^\d{1,2}$/.test(last)
    if (isNumber || qualifiers.has(last)) {
      plain &&= plainQualifiers.has(last)
      rest = rest.slice(0, -1)
    } else if (qualifiers.has(first)) {
      plain &&= plainQualifiers.has(first)
      rest = rest.slice(1)
    } else return null
    const spec = find(rest.join(' '))
    const ofSeveral = spec === null ? undefined : several[spec]
    if (spec !== null && ofSeveral !== undefined) return plain ? spec : ofSeveral
  }
  // "Email1", "Telefon2"
  const numbered = /^(\D{3,})(\d{1,2})$/.exec(words.length === 1 ? (words[0] ?? '') : '')
  const spec = numbered === null ? null : find(numbered[1] ?? '')
  if (spec === null) return null
  const ofSeveral = several[spec]
  return ofSeveral === undefined ? null : numbered?.[2] === '1' ? spec : ofSeveral
}
