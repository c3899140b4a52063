import { plainLetters } from '../../../kernel/countries.ts'

/** What a cell about consent says. `in` and `out` are words for consent itself; yes and no depend on what the column asks. */
export type ConsentWord = 'yes' | 'no' | 'in' | 'out' | 'neutral'

const words: Readonly<Record<ConsentWord, string>> = {
  yes: 'true t yes y 1 x on ok checked ja j wahr oui o vrai si s verdadero sim verdadeiro vero waar tak prawda да да✓ ✓ ✔ ☑',
  no: 'false f no n 0 off unchecked nein falsch non faux falso nao nee onwaar nie falsz нет',
  in: 'optedin optin optedinconfirmed subscribed granted accepted active enabled allowed given confirmed doubleoptin singleoptin confirmedoptin agreed consented permitted approved angemeldet abonniert eingewilligt erteilt abonne inscrit suscrito inscrito iscritto ingeschreven aangemeld zapisany subskrybent email sms web implicit explicit',
  out:
    'optedout optout unsubscribed unsubscribe unsubscribedglobally globallyunsubscribed denied declined refused refusal withdrawn revoked rejected cleaned bounced hardbounced hardbounce hardbounced bounce complained complaint spam ' +
    'spamcomplaint suppressed suppression blocked blocklisted blacklisted blocklist blacklist donotcontact donotcall donotemail donottext dnc dnd stop stopped cancelled canceled disallowed forbidden objected invalidemail ' +
    'markedasspam abusecomplaint removed disabled optedoutofemail never no permission ' +
    'abgemeldet widerrufen widersprochen abbestellt gesperrt desabonne desinscrit refuse revoque baja dadodebaja desuscrito revocado denegado descadastrado cancelado revogado recusado disiscritto revocato negato ' +
    'uitgeschreven afgemeld ingetrokken geweigerd wypisany wycofana odmowa zrezygnowal',
  neutral:
    'neversubscribed notsubscribed nonsubscribed nonsubscriber pending unconfirmed transactional unknown unset notset notspecified undetermined none archived null na noconsent nostatus notprovided redacted offen ausstehend enattente pendiente pendente inattesa',
}

const byWord = new Map<string, ConsentWord>()
for (const [kind, list] of Object.entries(words)) {
  // proof: the keys of the table are its kinds
  for (const word of list.split(' ')) if (!byWord.has(word)) byWord.set(word, kind as ConsentWord)
}

/** What a cell about consent says; null for anything else, such as a date or a sentence. */
export function consentWord(cell: unknown): ConsentWord | null {
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no'
  if (typeof cell === 'number') return cell === 0 ? 'no' : cell === 1 ? 'yes' : null
  if (typeof cell !== 'string') return null
  const text = cell.trim()
  return byWord.get(plainLetters(text) || text) ?? null
}
