import { InvalidInput } from './errors.ts'
import { fold, shorten } from './text.ts'

/**
 * ISO 3166-1, each alpha-2 code with its alpha-3 code; and XK (Kosovo), and the two dialling territories AC and TA that phone numbers
 * can belong to.
 */
const codes =
  'AC: AD:AND AE:ARE AF:AFG AG:ATG AI:AIA AL:ALB AM:ARM AO:AGO AQ:ATA AR:ARG AS:ASM AT:AUT AU:AUS AW:ABW AX:ALA AZ:AZE BA:BIH BB:BRB ' +
  'BD:BGD BE:BEL BF:BFA BG:BGR BH:BHR BI:BDI BJ:BEN BL:BLM BM:BMU BN:BRN BO:BOL BQ:BES BR:BRA BS:BHS BT:BTN BV:BVT BW:BWA BY:BLR BZ:BLZ ' +
  'CA:CAN CC:CCK CD:COD CF:CAF CG:COG CH:CHE CI:CIV CK:COK CL:CHL CM:CMR CN:CHN CO:COL CR:CRI CU:CUB CV:CPV CW:CUW CX:CXR CY:CYP CZ:CZE ' +
  'DE:DEU DJ:DJI DK:DNK DM:DMA DO:DOM DZ:DZA EC:ECU EE:EST EG:EGY EH:ESH ER:ERI ES:ESP ET:ETH FI:FIN FJ:FJI FK:FLK FM:FSM FO:FRO FR:FRA ' +
  'GA:GAB GB:GBR GD:GRD GE:GEO GF:GUF GG:GGY GH:GHA GI:GIB GL:GRL GM:GMB GN:GIN GP:GLP GQ:GNQ GR:GRC GS:SGS GT:GTM GU:GUM GW:GNB GY:GUY ' +
  'HK:HKG HM:HMD HN:HND HR:HRV HT:HTI HU:HUN ID:IDN IE:IRL IL:ISR IM:IMN IN:IND IO:IOT IQ:IRQ IR:IRN IS:ISL IT:ITA JE:JEY JM:JAM JO:JOR ' +
  'JP:JPN KE:KEN KG:KGZ KH:KHM KI:KIR KM:COM KN:KNA KP:PRK KR:KOR KW:KWT KY:CYM KZ:KAZ LA:LAO LB:LBN LC:LCA LI:LIE LK:LKA LR:LBR LS:LSO ' +
  'LT:LTU LU:LUX LV:LVA LY:LBY MA:MAR MC:MCO MD:MDA ME:MNE MF:MAF MG:MDG MH:MHL MK:MKD ML:MLI MM:MMR MN:MNG MO:MAC MP:MNP MQ:MTQ MR:MRT ' +
  'MS:MSR MT:MLT MU:MUS MV:MDV MW:MWI MX:MEX MY:MYS MZ:MOZ NA:NAM NC:NCL NE:NER NF:NFK NG:NGA NI:NIC NL:NLD NO:NOR NP:NPL NR:NRU NU:NIU ' +
  'NZ:NZL OM:OMN PA:PAN PE:PER PF:PYF PG:PNG PH:PHL PK:PAK PL:POL PM:SPM PN:PCN PR:PRI PS:PSE PT:PRT PW:PLW PY:PRY QA:QAT RE:REU RO:ROU ' +
  'RS:SRB RU:RUS RW:RWA SA:SAU SB:SLB SC:SYC SD:SDN SE:SWE SG:SGP SH:SHN SI:SVN SJ:SJM SK:SVK SL:SLE SM:SMR SN:SEN SO:SOM SR:SUR SS:SSD ' +
  'ST:STP SV:SLV SX:SXM SY:SYR SZ:SWZ TA: TC:TCA TD:TCD TF:ATF TG:TGO TH:THA TJ:TJK TK:TKL TL:TLS TM:TKM TN:TUN TO:TON TR:TUR TT:TTO ' +
  'TV:TUV TW:TWN TZ:TZA UA:UKR UG:UGA UM:UMI US:USA UY:URY UZ:UZB VA:VAT VC:VCT VE:VEN VG:VGB VI:VIR VN:VNM VU:VUT WF:WLF WS:WSM XK:XKX ' +
  'YE:YEM YT:MYT ZA:ZAF ZM:ZMB ZW:ZWE'

/** Names that lists of countries use and Unicode's data does not have, and codes that are in use without being ISO's. */
const otherNames: Readonly<Record<string, string>> = {
  AE: 'UAE, Emirates, VAE',
  BA: 'Bosnia',
  BO: 'Bolivia Plurinational State of',
  BS: 'The Bahamas, Bahamas The',
  BQ: 'Bonaire Sint Eustatius and Saba',
  BN: 'Brunei Darussalam',
  CD: 'Congo Democratic Republic of the, Congo The Democratic Republic of the, DR Congo, DRC, Zaire, ZR',
  CG: 'Congo, Republic of the Congo',
  CH: 'CH Schweiz, Swiss Confederation',
  CI: 'Ivory Coast, Cote dIvoire, Elfenbeinküste',
  CN: 'PRC, Peoples Republic of China, Mainland China, VR China',
  CV: 'Cape Verde, Cabo Verde',
  CZ: 'Czech Republic, Czechia, Tschechische Republik, République tchèque, República Checa, Czech Rep, Repubblica Ceca, Tsjechische Republiek, Republika Czeska',
  DE: 'DD, FRG, Germany Federal Republic of, Federal Republic of Germany, Bundesrepublik Deutschland, BRD, Deutschland',
  DO: 'Dominican Rep',
  FK: 'Falkland Islands Malvinas',
  FR: 'FX, French Republic, République française',
  FM: 'Micronesia Federated States of',
  GB: 'UK, Great Britain, Britain, England, Scotland, Wales, Northern Ireland, United Kingdom of Great Britain and Northern Ireland, Großbritannien, England UK, Grande Bretagne, Angleterre, Gran Bretaña, Inglaterra, Grã Bretanha, Gran Bretagna, Inghilterra, Groot Brittannië, Engeland, Wielka Brytania, Anglia',
  GM: 'The Gambia, Gambia The, Republic of The Gambia',
  GR: 'EL, Hellas, Hellenic Republic',
  HK: 'Hong Kong SAR, Hong Kong SAR China',
  IE: 'ROI, Republic of Ireland, Eire, Éire',
  IR: 'Iran Islamic Republic of',
  IT: 'Italia',
  KN: 'St Kitts and Nevis',
  KP: 'North Korea, Korea North, Korea Democratic Peoples Republic of, Democratic Peoples Republic of Korea, DPRK',
  KR: 'Korea, Korea Republic of, Korea the Republic of, Republic of Korea, Korea South, South Korea, ROK',
  LA: 'Lao Peoples Democratic Republic, Lao PDR',
  LC: 'St Lucia',
  MD: 'Moldova Republic of, Republic of Moldova',
  MF: 'Saint Martin French part',
  MK: 'Macedonia, Republic of Macedonia, Macedonia the former Yugoslav Republic of, FYROM',
  MM: 'BU, Burma, Birma, Birmanie',
  MO: 'Macau, Macao SAR',
  NZ: 'Aotearoa, Aotearoa New Zealand',
  NL: 'Holland, The Netherlands, Netherlands Kingdom of the, Netherlands the, Holanda, Hollande, Olanda, Holandia',
  PS: 'Palestine, Palestine State of, State of Palestine, Palestinian Territory Occupied',
  RU: 'Russian Federation, Russische Föderation, Fédération de Russie, Federación de Rusia',
  SA: 'KSA, Kingdom of Saudi Arabia',
  SH: 'Saint Helena Ascension and Tristan da Cunha',
  SK: 'Slovak Republic, Slowakische Republik',
  SX: 'Sint Maarten Dutch part',
  SY: 'Syrian Arab Republic',
  SZ: 'Swaziland, Swasiland',
  TL: 'TP, East Timor',
  TR: 'Turkey, Turkiye',
  TW: 'Taiwan, Taiwan Province of China, Republic of China',
  TZ: 'Tanzania United Republic of, United Republic of Tanzania',
  UA: 'The Ukraine',
  US: 'United States of America, USA, America, Vereinigte Staaten von Amerika, Vereinigte Staaten, USA Amerika, Etats Unis d Amérique, EE UU, EEUU, Estados Unidos de América, EUA, Stati Uniti d America, Verenigde Staten van Amerika, Stany Zjednoczone Ameryki, The United States',
  VA: 'Holy See, Holy See Vatican City State, Vatican',
  VC: 'St Vincent and the Grenadines',
  VE: 'Venezuela Bolivarian Republic of',
  VG: 'Virgin Islands British',
  VI: 'Virgin Islands US, Virgin Islands',
  VN: 'Viet Nam',
  YE: 'YD',
  ZA: 'RSA, Republic of South Africa',
}

/** The languages in which names of countries and languages are read. */
export const readLanguages = ['en', 'de', 'fr', 'es', 'pt', 'it', 'nl', 'pl', 'pt-PT'] as const

const alpha2 = new Set(codes.split(' ').map((pair) => pair.slice(0, 2)))

/** What two spellings of one name have in common: no case, no accents, no punctuation. */
export function plainLetters(text: string): string {
  return fold(text).replace(/[^\p{L}\p{N}]/gu, '')
}

/** What countries call themselves, where none of the languages in which names are read is spoken there. */
const ownNames =
  'AE:الإمارات AL:Shqipëria AM:Հայաստան AZ:Azərbaycan BA:Bosna i Hercegovina BD:বাংলাদেশ BG:България BY:Беларусь CN:中国 CN:中國 CN:中华人民共和国 CY:Κύπρος CZ:Česko CZ:Česká republika ' +
  'DK:Danmark DZ:الجزائر EE:Eesti EG:مصر FI:Suomi FO:Føroyar GE:საქართველო GL:Kalaallit Nunaat GR:Ελλάδα GR:Ελλάς HK:香港 HR:Hrvatska HU:Magyarország ID:Republik Indonesia IL:ישראל ' +
  'IN:भारत IN:Bharat IQ:العراق IR:ایران IS:Ísland JO:الأردن JP:日本 JP:日本国 JP:Nippon KE:Jamhuri ya Kenya KH:កម្ពុជា KR:대한민국 KR:한국 KW:الكويت KZ:Қазақстан LA:ລາວ LB:لبنان LK:ශ්‍රී ලංකා ' +
  'LT:Lietuva LU:Lëtzebuerg LV:Latvija LY:ليبيا MA:المغرب ME:Crna Gora MK:Македонија MK:Северна Македонија MN:Монгол MO:澳門 MY:马来西亚 NO:Norge NO:Noreg NP:नेपाल OM:عمان PK:پاکستان ' +
  'PH:Pilipinas QA:قطر RO:România RS:Srbija RS:Србија RU:Россия RU:Российская Федерация SA:السعودية SE:Sverige SG:新加坡 SI:Slovenija SK:Slovensko SY:سوريا TH:ไทย TH:ประเทศไทย TN:تونس ' +
  'TR:Türkiye Cumhuriyeti TW:台灣 TW:臺灣 TW:台湾 UA:Україна UZ:Oʻzbekiston VN:Việt Nam YE:اليمن'

/** Every name, made when the first name is read. */
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
  // Some languages abbreviate names to two letters that mean something else in others: EU is no country.
  const addLong = (name: string | undefined, code: string) => (plainLetters(name ?? '').length > 2 ? add(name, code) : undefined)
  for (const [code, list] of Object.entries(otherNames)) for (const name of list.split(',')) add(name, code)
  for (const pair of ownNames.split(/ (?=[A-Z]{2}:)/)) add(pair.slice(3), pair.slice(0, 2))
  for (const pair of codes.split(' ')) add(pair.slice(3), pair.slice(0, 2))
  for (const language of readLanguages) {
    for (const style of ['long', 'short'] as const) {
      const display = new Intl.DisplayNames([language], { type: 'region', fallback: 'none', style })
      for (const code of alpha2) {
        const name = display.of(code)
        addLong(name, code)
        // "Myanmar (Burma)", "Hong Kong SAR China"
        addLong(name?.replace(/\s*\(.*\)/, ''), code)
        addLong(name?.replaceAll('&', ' and '), code)
        addLong(name?.replace(/^(?:the|die|der|das|la|le|les|los|las|el|o|a|os|as|i|gli)\s+/i, ''), code)
      }
    }
  }
  return made
}

/**
 * The alpha-2 code of a country by its code (alpha-2 or alpha-3, in any case), its flag or its name: in English, German, French, Spanish,
 * Portuguese, Italian, Dutch and Polish, and the country's own. A code and a name can stand together (`US - United States`,
 * `Ireland (IE)`), and the code of a region (`US-CA`) or of a locale (`de-AT`) names its country. Null if it is none of these.
 */
export function findCountry(text: string): string | null {
  const given = text.normalize('NFKC').trim()
  const known = countryOf(given)
  if (known !== null || given.length > 100) return known
  return ofRegion(given) ?? ofFlag(given) ?? ofParts(given)
}

function countryOf(text: string): string | null {
  const code = text.toUpperCase()
  if (alpha2.has(code)) return code
  const plain = plainLetters(code)
  // "U.S." and "D.E." are codes with dots in them.
  if (/^(?:[A-Z]\.\s*){2}$/.test(code) && alpha2.has(plain.toUpperCase())) return plain.toUpperCase()
  return plain.length < 2 ? null : (names().get(plain) ?? null)
}

/** The country of a locale (`pt_BR`) or of a region after ISO 3166-2 (`GB-ENG`): locales begin with a language, which is in small letters. */
function ofRegion(text: string): string | null {
  const [, first = '', last = ''] = /^([A-Za-z]{2,3})[-_]([A-Za-z0-9]{1,3})$/.exec(text) ?? []
  const [country, region] = [first, last].map((part) => part.toUpperCase())
  if (country === undefined || region === undefined) return null
  if (first === first.toLowerCase()) return alpha2.has(region) ? region : null
  return alpha2.has(country) ? country : last.length === 2 && alpha2.has(region) ? region : null
}

/** Two letters of Unicode that are shown as a flag. */
function ofFlag(text: string): string | null {
  const letters = Array.from(text, (sign) => sign).flatMap((sign) => {
    const code = (sign.codePointAt(0) ?? 0) - 0x1f1e6
    return code >= 0 && code < 26 ? [String.fromCharCode(65 + code)] : []
  })
  const code = letters.join('')
  return letters.length === 2 && alpha2.has(code) ? code : null
}

/** The country of all parts that stand together: in parentheses and around them, or with a dash or a slash between. "(the)" says nothing. */
function ofParts(text: string): string | null {
  const parts = text.split(/[()/|]|\s[-–—:]\s/).map((part) => part.trim()).filter((part) => part !== '' && !/^the\b/i.test(part)) // prettier-ignore
  const [country = null, ...others] = parts.map(countryOf)
  return parts.join('') !== text && others.every((other) => other === country) ? country : null
}

/** Accepts a country like {@link findCountry} and returns its ISO 3166-1 alpha-2 code. @throws InvalidInput */
export function parseCountryCode(text: string, field = 'countryCode'): string {
  const code = findCountry(text)
  if (code !== null) return code
  throw new InvalidInput('There is no such country code. Send an ISO 3166-1 code or the name of a country, such as US, DEU or Germany.', {
    field,
    value: shorten(text),
    expected: 'an ISO 3166-1 code or the name of a country, such as US, DEU or Germany',
  })
}
