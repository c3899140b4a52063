import { InvalidInput } from './errors.ts'
import { shorten } from './text.ts'

/** ISO 3166-1 alpha-2, with XK (Kosovo) and the two dialling territories AC and TA that phone numbers can belong to. */
const countries = new Set(
  (
    'AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
    'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR ' +
    'GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP ' +
    'KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT ' +
    'MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW ' +
    'SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ ' +
    'UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW'
  ).split(' '),
)

/** ISO 639-1. */
const languages = new Set(
  (
    'aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es ' +
    'et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki ' +
    'kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no ' +
    'nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te ' +
    'tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu'
  ).split(' '),
)

/** Accepts an ISO 3166-1 alpha-2 code in any case and gives it in capitals. @throws InvalidInput */
export function parseCountryCode(text: string, field = 'countryCode'): string {
  const code = text.trim().toUpperCase()
  if (countries.has(code)) return code
  throw new InvalidInput('There is no such country code.', {
    field,
    value: shorten(text),
    expected: 'an ISO 3166-1 alpha-2 code, such as US or DE',
  })
}

/** Accepts an ISO 639-1 code in any case and gives it in small letters. @throws InvalidInput */
export function parseLanguage(text: string, field = 'language'): string {
  const code = text.trim().toLowerCase()
  if (languages.has(code)) return code
  throw new InvalidInput('There is no such language code.', {
    field,
    value: shorten(text),
    expected: 'an ISO 639-1 code, such as en or pt',
  })
}

/** Accepts an IANA time zone name in any case, such as `Europe/Berlin` or `UTC`. @throws InvalidInput */
export function parseTimezone(text: string, field = 'timezone'): string {
  const name = text.trim()
  const canonical = canonicalTimezone(name)
  if (canonical === null) {
    throw new InvalidInput('There is no such time zone.', {
      field,
      value: shorten(text),
      expected: 'an IANA time zone name, such as Europe/Berlin',
    })
  }
  // The runtime may know a place under an older name (Asia/Calcutta for Asia/Kolkata): keep the name that was given.
  return canonical.toLowerCase() === name.toLowerCase() ? canonical : name
}

/** What the runtime said about the names that it was asked for: asking takes it a tenth of a millisecond each time. */
const timezones = new Map<string, string | null>()

function canonicalTimezone(name: string): string | null {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{1,63}$/.test(name)) return null
  const known = timezones.get(name)
  if (known !== undefined) return known
  if (timezones.size >= 1000) timezones.clear()
  const canonical = askRuntime(name)
  timezones.set(name, canonical)
  return canonical
}

function askRuntime(name: string): string | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return null
  }
}
