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
  [/^address \d+ (?:formatted|street|city|po box|region|postal code|extended address)$/, 'attribute'],
  [/^(?:relation|website|event|custom field|im) \d+ value$/, 'attribute'],
  [/^organization \d+ (?:yomi name|title|department|symbol|location|job description)$/, 'attribute'],
  [/^organization \d+ name$/, 'company:other'],
  [/^address \d+ country(?: code)?$/, 'country_code:other'],
  [/^e ?mail \d+ address$/, 'email:other'],
]

/** Words in front of or behind a name that say which of several it is, in any of the languages. */
const qualifiers = new Set(
  (
    'primary main default preferred contact customer client lead person subscriber billing mailing shipping delivery invoice home work business private personal other secondary second ' +
    'additional alternate alternative direct office company day evening school current your my user member account recipient new old ' +
    'buyer guest patient donor student attendee participant registrant applicant candidate respondent visitor tenant resident passenger traveler traveller purchaser supporter volunteer ' +
    'learner payer prospect individual invitee submitter employee borrower policyholder cardholder ' +
    'haupt privat geschäftlich dienstlich rechnung lieferung kunde kunden weitere zweite ' +
    'kontakt privates geschäftliches of the do da de del dei du des der ' +
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
  first_name: 'first_name:other',
  'first_name:other': 'first_name:other',
  last_name: 'last_name:other',
  'last_name:other': 'last_name:other',
  company: 'company:other',
  'company:other': 'company:other',
  timezone: 'timezone:other',
  'timezone:other': 'timezone:other',
  lifecycle_stage: 'lifecycle_stage:other',
  'lifecycle_stage:other': 'lifecycle_stage:other',
  tags: 'tags',
  'opt_out:all': 'opt_out:all',
  'opt_out:email': 'opt_out:email',
  'opt_out:sms': 'opt_out:sms',
  'opt_out:voice': 'opt_out:voice',
  'opt_out:whatsapp': 'opt_out:whatsapp',
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
  'kontakt',
  'cliente',
  'kunden',
  'of',
  'the',
  'do',
  'da',
  'de',
  'del',
  'dei',
  'du',
  'des',
  'der',
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
  return ofAlternatives(name, find) ?? strip(words.split(' '), find)
}

function isPlain(words: string): boolean {
  return words.split(' ').some((word) => plainQualifiers.has(word))
}

/** Words that only say that a number is one: "Mob. No.", "WhatsApp number", "N° de portable". */
const wordsForNumber = new Set('no nos nr nrs num nums number numbers nummer numero numer numeru n'.split(' '))

/** What is left of a name, word by word, without what only says which of several it is. */
function strip(words: readonly string[], find: (name: string) => Spec | null): Spec | null {
  let rest = [...words]
  let plain = true
  let isNumber = false
  for (;;) {
    const spec = ofRest(rest, find)
    const ofSeveral = spec === null ? undefined : several[spec]
    if (spec !== null && ofSeveral !== undefined && (!isNumber || spec.startsWith('phone'))) return plain ? spec : ofSeveral
    const [first = '', last = ''] = [rest[0], rest.at(-1)]
    if (rest.length < 2) break
    if (qualifiers.has(first)) {
      plain &&= plainQualifiers.has(first)
      rest = rest.slice(1)
      continue
    }
    if (wordsForNumber.has(last)) isNumber = true
    else if (/^\d{1,2}$/.test(last) || qualifiers.has(last)) plain &&= plainQualifiers.has(last)
    else break
    rest = rest.slice(0, -1)
  }
  // "Email1", "Telefon2"
  const numbered = /^(\D{3,})(\d{1,2})$/.exec(words.length === 1 ? (words[0] ?? '') : '')
  const spec = numbered === null ? null : find(numbered[1] ?? '')
  if (spec === null) return null
  const ofSeveral = several[spec]
  return ofSeveral === undefined ? null : numbered?.[2] === '1' ? spec : ofSeveral
}

/** A name or its singular, in English and French. */
function ofRest(rest: readonly string[], find: (name: string) => Spec | null): Spec | null {
  const name = rest.join(' ')
  return find(name) ?? (/[^s]s$|sses$/.test(name) && name.length > 4 ? find(name.replace(/(?<=ss)es$|s$/, '')) : null)
}

/** What all parts of a name say that stand with a slash or an "or" between: "Tags / Labels". */
function ofAlternatives(name: string, find: (name: string) => Spec | null): Spec | null {
  const parts = name.split(/[/|]|\s(?:or|oder|ou|o|of|lub)\s/i).map((part) => part.trim())
  const [spec = null, ...others] = parts.map(find)
  return parts.length > 1 && spec !== null && others.every((other) => baseOf(other) === baseOf(spec)) ? spec : null
}

function baseOf(spec: Spec | null): string | undefined {
  return spec?.split(':', 1)[0]
}
