/** How mail programs begin the subject of an automatic reply, in the languages that they are mostly used in. */
const subjects = [
  'automatic reply',
  'auto(?:matic)?[ -]?(?:reply|response|responder)',
  'autoreply',
  'out of (?:the )?office',
  'ooo\\b',
  'automatische (?:antwort|reactie)',
  'automatisch antwoord',
  'abwesenheits(?:notiz|meldung|nachricht)',
  'abwesend\\b',
  'afwezig(?:heid)?\\b',
  'réponse automatique',
  'absence du bureau',
  'respuesta automática',
  'fuera de (?:la )?oficina',
  'resposta automática',
  'fora do escritório',
  'risposta automatica',
  'fuori (?:sede|ufficio)',
  'odpowiedź automatyczna',
  'automatyczna odpowiedź',
  'autosvar',
]
const automatic = new RegExp(`^\\s*(?:\\[[^\\]]{1,40}\\]\\s*)?(?:${subjects.join('|')})`, 'iu')

/** Whether a subject is one of an automatic reply, such as "Out of office". */
export function isAutomaticSubject(subject: string | null): boolean {
  return subject !== null && automatic.test(subject.normalize('NFC'))
}
