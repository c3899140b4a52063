import { plainLetters, readLanguages } from './countries.ts'
import { InvalidInput } from './errors.ts'
import { shorten } from './text.ts'

/** ISO 639-1. */
const iso6391 =
  'aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es ' +
  'et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki ' +
  'kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no ' +
  'nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te ' +
  'tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu'

const languages = new Set(iso6391.split(' '))

/** Codes of languages that ISO 639-1 has under another name. */
const sameLanguage: Readonly<Record<string, string>> = { fil: 'tl', cmn: 'zh', yue: 'zh', prs: 'fa', sh: 'sr', arb: 'ar' }

/** Names that Unicode's data does not have. */
const otherNames: Readonly<Record<string, string>> = {
  ca: 'Valencian, Valencià, Valenciano',
  de: 'Swiss German, Schweizerdeutsch, Hochdeutsch',
  en: 'US English, UK English, International English',
  es: 'Castilian, Castellano, Spanisch',
  fa: 'Farsi',
  gd: 'Gaelic, Gàidhlig',
  id: 'Bahasa Indonesia, Bahasa',
  ms: 'Bahasa Melayu, Bahasa Malaysia',
  nb: 'Bokmål, Norwegian Bokmal',
  nl: 'Flemish, Flämisch, Vlaams',
  nn: 'Nynorsk',
  no: 'Norsk, Norwegian',
  sr: 'Serbo-Croatian, Serbocroatian',
  tl: 'Tagalog, Filipino, Pilipino',
  zh: 'Mandarin, Cantonese, Putonghua, 简体中文, 繁體中文, 繁体中文, 简体, 繁體, 汉语, 漢語, 普通话, 國語',
}

/** Tags that have names of their own, such as "Brazilian Portuguese" and "Simplified Chinese". */
const namedTags = 'de-AT de-CH en-AU en-CA en-GB en-US es-419 es-ES es-MX fr-CA fr-CH nl-BE pt-BR pt-PT ro-MD zh-Hans zh-Hant'.split(' ')

let namesMade: ReadonlyMap<string, string> | undefined

function names(): ReadonlyMap<string, string> {
  return (namesMade ??= makeNames())
}

function makeNames(): Map<string, string> {
  const made = new Map<string, string>()
  const add = (name: string | undefined, code: string) => {
    const key = plainLetters(name ?? '')
    if (key !== '' && !made.has(key)) made.set(key, code)
  }
  for (const [code, list] of Object.entries(otherNames)) for (const name of list.split(',')) add(name, code)
  const displays = readLanguages.map((language) => new Intl.DisplayNames([language], { type: 'language', fallback: 'none' }))
  for (const code of languages) {
    for (const display of displays) add(display.of(code), code)
    add(new Intl.DisplayNames([code], { type: 'language', fallback: 'none' }).of(code), code)
  }
  for (const tag of namedTags) for (const display of displays) add(display.of(tag), tag.slice(0, 2))
  return made
}

/** The code of a BCP 47 tag with hyphens or underscores, and of the codes of ISO 639-2 and 639-3. */
function languageOfTag(text: string): string | null {
  const tag = text.replaceAll('_', '-').replace(/[.@].*$/, '')
  if (!/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*$/.test(tag)) return null
  try {
    const [canonical = ''] = Intl.getCanonicalLocales(tag)
    const language = canonical.split('-', 1)[0] ?? ''
    const code = sameLanguage[language] ?? language
    return languages.has(code) ? code : null
  } catch {
    return null
  }
}

/** What stands between the names of several languages. */
const listed = /\/|\s+(?:and|or|und|oder|et|ou|y|o|e|en|of|i|lub|&|\+)\s+/

/**
 * The ISO 639-1 code of a language by its code, its BCP 47 tag (`en-US`, `pt_BR`, `zh-Hans`) or its name, in its own language or in one of
 * English, German, French, Spanish, Portuguese, Italian, Dutch and Polish; null if it is none of these. What stands in parentheses
 * is left out, and of `German / Deutsch` and `English and Welsh` the first that is known is read.
 */
export function findLanguage(text: string): string | null {
  const given = text.normalize('NFKC').trim()
  const code = given.toLowerCase()
  if (languages.has(code)) return code
  if (given.length < 2 || given.length > 60) return null
  const ofTag = languageOfTag(given)
  if (ofTag !== null) return ofTag
  for (const part of given.replace(/\s*\(.*\)/, '').split(listed)) {
    const found = names().get(plainLetters(part))
    if (found !== undefined) return found
  }
  return null
}

/** Accepts a language like {@link findLanguage} and returns its ISO 639-1 code. @throws InvalidInput */
export function parseLanguage(text: string, field = 'language'): string {
  const code = findLanguage(text)
  if (code !== null) return code
  throw new InvalidInput('There is no such language code. Send an ISO 639-1 code, a BCP 47 tag or a name, such as en, pt-BR or German.', {
    field,
    value: shorten(text),
    expected: 'an ISO 639-1 code, a BCP 47 tag or the name of a language, such as en, pt-BR or German',
  })
}
