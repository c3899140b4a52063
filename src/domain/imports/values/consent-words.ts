import { plainLetters } from '../../../kernel/countries.ts'

/** What a cell about consent says. `in` and `out` are words for consent itself; yes and no depend on what the column asks. */
export type ConsentWord = 'yes' | 'no' | 'in' | 'out' | 'neutral'

const words: Readonly<Record<ConsentWord, string>> = {
  yes: 'true t yes y 1 x on ok checked ja j wahr oui o vrai si s verdadero sim verdadeiro vero waar tak prawda да ✓ ✔ ☑ 10 はい 有 是 예 네 evet نعم כן igen ano áno kyllä ναι hai có ya jes',
  no: 'false f no n 0 off unchecked nein falsch non faux falso nao nee onwaar nie falsz нет ☐ ✗ ✘ 00 いいえ 無 否 不 아니요 아니오 hayır لا לא nem ne ei nej nei όχι nu không tidak',
  in: 'optedin optin optedinconfirmed subscribed granted accepted active enabled allowed given confirmed doubleoptin singleoptin confirmedoptin agreed consented permitted approved angemeldet abonniert eingewilligt erteilt abonne inscrit suscrito inscrito iscritto ingeschreven aangemeld zapisany subskrybent email sms web implicit explicit',
  out:
    'optedout optout unsubscribed unsubscribe unsubscribedglobally globallyunsubscribed denied declined refused refusal withdrawn revoked rejected cleaned bounced hardbounced hardbounce hardbounced bounce complained complaint spam ' +
    'spamcomplaint suppressed suppression blocked blocklisted blacklisted blocklist blacklist donotcontact donotcall donotemail donottext dnc dnd stop stopped cancelled canceled disallowed forbidden objected invalidemail ' +
    'markedasspam abusecomplaint removed disabled optedoutofemail never no permission ' +
    'abgemeldet widerrufen widersprochen abbestellt gesperrt desabonne desinscrit refuse revoque baja dadodebaja desuscrito revocado denegado descadastrado cancelado revogado recusado disiscritto revocato negato ' +
    'uitgeschreven afgemeld ingetrokken geweigerd wypisany wycofana odmowa zrezygnowal ' +
    'avmeldt avregistrerad avprenumererad frameldt afmeldt peruttu odhlášen odhlásený leiratkozott отписан отписался отписана отказ отказался 退订 已退订 取消订阅 已取消订阅 退訂 取消訂閱 配信停止 配信拒否 停止 拒否 수신거부 구독취소 거부',
  neutral:
    'neversubscribed notsubscribed nonsubscribed nonsubscriber pending unconfirmed transactional unknown unset notset notspecified undetermined none archived null na noconsent nostatus notprovided redacted offen ausstehend enattente pendiente pendente inattesa',
}

function plainOf(text: string): string {
  return plainLetters(text) || text
}

const byWord = new Map<string, ConsentWord>()
for (const [kind, list] of Object.entries(words)) {
  // proof: the keys of the table are its kinds
  for (const word of list.split(' ')) if (!byWord.has(plainOf(word))) byWord.set(plainOf(word), kind as ConsentWord)
}

/** What a cell about consent says; null for anything else, such as a date or a sentence. */
export function consentWord(cell: unknown): ConsentWord | null {
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no'
  if (typeof cell === 'number') return cell === 0 ? 'no' : cell === 1 ? 'yes' : null
  if (typeof cell !== 'string') return null
  return byWord.get(plainOf(cell.trim())) ?? null
}

/** What stands between a word about consent and a remark on it: "Unsubscribed (global)", "opted out on 2024-02-03", "No - by phone". */
const remark = /\s*[(:,;–—]|\s-\s|\s(?:on|at|by|via|since|from|am|seit|durch|le|par|depuis|el|por|desde|em|il|op|dnia)\s/i

/** What a cell about consent says, with or without a remark behind it. */
export function consentWordBeforeRemark(cell: unknown): ConsentWord | null {
  const word = consentWord(cell)
  return word !== null || typeof cell !== 'string' ? word : consentWord(cell.split(remark, 1)[0])
}
