import type { Channel, Organization } from '../../data/generated/client.ts'
import { fold } from '../../kernel/text.ts'

/** Words that are an opt-out if a message consists of one of them, by language. */
const stopWords: Readonly<Record<string, readonly string[]>> = {
  ar: ['توقف', 'إيقاف', 'إلغاء', 'إلغاء الاشتراك'],
  de: ['stopp', 'abmelden', 'abmeldung', 'abbestellen', 'austragen', 'keine werbung'],
  el: ['στοπ', 'διακοπή'],
  en: ['stop', 'stop all', 'unsubscribe', 'cancel', 'end', 'quit', 'revoke', 'opt out'],
  es: ['baja', 'alto', 'parar', 'cancelar', 'darse de baja', 'no más'],
  fr: ['arrêt', 'arrêter', 'désabonner', 'désabonnement', 'désinscrire', 'désinscription', 'stop sms'],
  he: ['הסר', 'הפסק'],
  hi: ['बंद', 'रोकें'],
  it: ['basta', 'cancella', 'cancellami', 'disiscrivi', 'disiscrivimi', 'annulla'],
  ja: ['停止', '配信停止', '解除'],
  ko: ['수신거부', '중지'],
  nl: ['stoppen', 'afmelden', 'uitschrijven'],
  pl: ['zatrzymaj', 'wypisz', 'rezygnuję', 'anuluj', 'koniec'],
  pt: ['pare', 'parar', 'sair', 'cancelar', 'remover', 'descadastrar'],
  ru: ['стоп', 'отписаться', 'отписка', 'отказ'],
  sv: ['stoppa', 'avsluta', 'avregistrera', 'sluta'],
  tr: ['dur', 'iptal', 'ret', 'çık'],
  uk: ['стоп', 'відписатися', 'відмова'],
  zh: ['退订', '退訂', '停止', '取消订阅'],
}

/** Words that take back an opt-out by keyword, by language. */
const startWords: Readonly<Record<string, readonly string[]>> = {
  de: ['anmelden'],
  en: ['start', 'unstop'],
  es: ['alta', 'iniciar'],
  fr: ['reprendre'],
  it: ['riprendi'],
  nl: ['aanmelden'],
  pl: ['wznów'],
  pt: ['iniciar', 'voltar'],
  ru: ['старт'],
  sv: ['starta'],
  tr: ['başla'],
}

/** The languages whose words are known. */
export const keywordLanguages = Object.keys(stopWords)

/** The most letters that a stop or start word has. */
export const maxKeywordLength = 40

export type KeywordSettings = Pick<Organization, 'keywordChannels' | 'keywordLanguages' | 'stopWords' | 'startWords'>

/** What the text of a message means for consent. */
export type Keyword =
  /** It consists of a stop word. */
  | 'stop'
  /** It consists of a start word. */
  | 'start'
  /** It has a stop word among other words: a person should look. */
  | 'mentions_stop'

/** Recognizes stop and start words in messages; null where the channel has none or the text says nothing of the kind. */
export function keywordReader(settings: KeywordSettings): (channel: Channel, text: string | null) => Keyword | null {
  const languages = settings.keywordLanguages.length === 0 ? keywordLanguages : settings.keywordLanguages
  const wordsOf = (known: Readonly<Record<string, readonly string[]>>, own: readonly string[]) =>
    new Set([...languages.flatMap((language) => known[language] ?? []), ...own].map(lettersOf))
  const stop = wordsOf(stopWords, settings.stopWords)
  const start = wordsOf(startWords, settings.startWords)
  const unspaced = [...stop].filter((word) => /^[\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}]+$/u.test(word))
  return (channel, text) => {
    if (text === null || !settings.keywordChannels.includes(channel)) return null
    const words = wordsIn(text.slice(0, 2000))
    const letters = words.join('')
    if (letters === '') return null
    if (consistsOf(stop, words, letters)) return 'stop'
    if (consistsOf(start, words, letters)) return 'start'
    const isMentioned = words.some((word, at) => isAny(stop, word) || isAny(stop, word + (words[at + 1] ?? '')))
    return isMentioned || unspaced.some((word) => letters.includes(word)) ? 'mentions_stop' : null
  }
}

/** Whether a message is one of these words, with spaces anywhere in it, or the same one again and again. */
function consistsOf(known: ReadonlySet<string>, words: readonly string[], letters: string): boolean {
  const [first = ''] = words
  return (letters.length <= maxKeywordLength && isAny(known, letters)) || (words.every((word) => word === first) && isAny(known, first))
}

/** What is compared of a word: its letters and digits, without regard to case, accents, width and signs that are not seen. */
export function lettersOf(text: string): string {
  return wordsIn(text).join('')
}

function wordsIn(text: string): string[] {
  return fold(text.replace(/[\p{Cf}\p{Mn}\p{Me}]/gu, ''))
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}

/** Letters of other alphabets that look like Latin ones, and those: a word may be written with them unseen. */
const lookalikes = [
  ['авекмнорстухѕіј', 'abekmhopctyxsij'],
  ['αεικνορτυχ', 'aeiknoptux'],
] as const

function inLatin(letters: string): string {
  return letters.replace(/[^\p{ASCII}]/gu, (letter) => {
    const alphabet = lookalikes.find(([others]) => others.includes(letter))
    return alphabet?.[1][alphabet[0].indexOf(letter)] ?? letter
  })
}

function isAny(words: ReadonlySet<string>, letters: string): boolean {
  return words.has(letters) || words.has(inLatin(letters))
}
