/** What a text says as a phone number, before any country's rules are applied. */
export interface PhoneReading {
  /** Whether the number begins with its country prefix. */
  readonly isInternational: boolean
  /** ASCII digits only. */
  readonly digits: string
  /** Digits of the PBX extension; empty if there is none. */
  readonly extension: string
}

/**
 * The ways in which a text can be read as a phone number, the most likely first. The first one is how Google's libphonenumber reads it; the
 * others are for texts that it refuses: extensions with labels in other languages, remarks behind the number, a trunk prefix in brackets.
 */
export function* phoneReadings(text: string): Generator<PhoneReading> {
  const plain = plainSigns(text)
  const number = possibleNumber(plain)
  if (number === null) return
  const reading = read(number)
  if (reading !== null) yield reading
  const labelled = otherExtension.exec(number)
  if (labelled !== null) yield* optional(read(number.slice(0, labelled.index)), digitsIn(labelled[0]))
  const withoutRemark = number.replace(remark, '')
  if (withoutRemark !== number) yield* optional(read(withoutRemark))
  const withoutTrunkPrefix = number.replace(trunkPrefixInBrackets, ' ')
  if (withoutTrunkPrefix !== number) yield* optional(read(withoutTrunkPrefix))
}

/** Whether a spreadsheet has turned the number into one with an exponent, whose last digits are lost. */
export function isRounded(text: string): boolean {
  return /^\s*[+-]?\d(?:[.,]\d+)?e\+?\d+\s*$/i.test(text)
}

function* optional(reading: PhoneReading | null, extension?: string): Generator<PhoneReading> {
  if (reading !== null) yield extension === undefined ? reading : { ...reading, extension }
}

/** Full-width signs, digits of other scripts, dashes and dots as ASCII; invisible characters left out; any white space as a space. */
function plainSigns(text: string): string {
  if (/^[ -~]*$/.test(text)) return text
  const plain = text
    .replace(/[\p{Cf}\ufe00-\ufe0f]/gu, '')
    .replace(/\s/g, ' ')
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[\p{Pd}\u2212\u30fc]/gu, '-')
    .replace(/[\u2053\u223c]/g, '~')
    .replace(/[\u00b7\u2022\u2024\u2027\u2219\u22c5\u30fb\uff65]/g, '.')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, asciiDigit)
  return /\d/.test(plain) ? plain : plain.replace(/\p{Nd}/gu, asciiDigit)
}

/** Digits of a script stand in Unicode as zero to nine, next to each other. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  let zero = code
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1
  return String((code - zero) % 10)
}

/** The part of a text that can be a number: from its first digit or plus sign to its last digit or letter. */
function possibleNumber(text: string): string | null {
  const context = /;phone-context=([^;]*)/i.exec(text)
  if (context !== null && !isPhoneContext(context[1] ?? '')) return null
  const number = text.replace(/;phone-context=[^;]*/i, '').replace(/;isub=.*$/i, '')
  const start = number.search(/[+0-9]/)
  if (start === -1) return null
  const prefix = context?.[1]?.startsWith('+') === true ? context[1] : ''
  return `${prefix}${number.slice(start)}`
    .replace(/[\\/] *x.*$/is, '')
    .replace(/(?<=\d)['’](?=\d)/g, ' ')
    .replace(/[^0-9A-Za-z#]+$/, '')
}

/** RFC 3966: a country prefix or a domain name. */
function isPhoneContext(context: string): boolean {
  return /^\+[-.()]*\d[\d\-.()]*$/.test(context) || /^(?:[a-z\d][a-z\d-]*\.)*[a-z][a-z\d-]*\.?$/i.test(context)
}

const punctuation = String.raw`x\- ()[\].\/~*`
/** At least three digits; letters only behind them. */
const viable = new RegExp(String.raw`^\+*(?:[${punctuation}]*\d){3,}[${punctuation}a-z\d]*$`, 'i')

/** The extension at the end of a number, as Google's libphonenumber recognizes it. */
const extension = new RegExp(
  [
    String.raw`;ext=(?<rfc>\d{1,20})`,
    String.raw`[ \t,]*(?:e?xt(?:ensi(?:o\u0301?|\u00f3))?n?|доб|anexo)[:.]?[ \t,-]*(?<explicit>\d{1,20})#?`,
    String.raw`[ \t,]*(?:[x#~]|int)[:.]?[ \t,-]*(?<ambiguous>\d{1,9})#?`,
    String.raw`[- ]+(?<american>\d{1,6})#`,
    String.raw`[ \t]*(?:,{2}|;)[:.]?[ \t,-]*(?<pause>\d{1,15})#?`,
    String.raw`[ \t]*,+[:.]?[ \t,-]*(?<commas>\d{1,9})#?`,
  ]
    .join('|')
    .replace(/^.*$/, '(?:$&)$'),
  'i',
)

/** Labels of extensions that Google's libphonenumber does not know, and the letters that phones use for a pause (`p`) and a wait (`w`). */
const otherExtension =
  /(?:[ ,;.(/-]*(?:ext|extn|extension|durchwahl|nebenstelle|nebenst|apparat|app|dw|nst|poste|interno|interne|interna|anexo|ramal|toestel|tst|wewn|wew|lokal|ankn|anknytning|local|centralita|добавочный|внутр|вн|доб)[ .:#-]*|(?<=\d) ?[pw] ?)\d{1,15}#?$/iu

/** Words behind a number, in brackets or not: where it rings, or when to call. */
const remark = /[ ,;:.(/-]+[\p{L}][\p{L} .,'/-]*$/u

const trunkPrefixInBrackets = /\(\s*0\s*\)/

function read(text: string): PhoneReading | null {
  const found = extension.exec(text)
  const before = found === null ? text : text.slice(0, found.index)
  const hasExtension = found !== null && viable.test(before)
  const number = hasExtension ? before : text
  if (!viable.test(number)) return null
  const within = hasExtension ? (Object.values(found.groups ?? {}).find((digits) => digits !== undefined) ?? '') : ''
  return { isInternational: number.startsWith('+'), digits: dialled(number), extension: within }
}

/** The digits that a number is dialled with. From three letters on they are those of its keys; fewer are separators. */
function dialled(number: string): string {
  const hasLetters = (number.match(/[a-z]/gi)?.length ?? 0) >= 3
  return hasLetters ? digitsIn(number.replace(/[a-z]/gi, keyOf)) : digitsIn(number)
}

const keys = ['abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz']

function keyOf(letter: string): string {
  return String(keys.findIndex((letters) => letters.includes(letter.toLowerCase())) + 2)
}

function digitsIn(text: string): string {
  return text.replace(/\D/g, '')
}
