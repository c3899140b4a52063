/** The words of the pages that contacts see, in one language. */
export interface Texts {
  readonly title: string
  readonly lead: (organization: string) => string
  readonly email: string
  readonly voice: string
  readonly push: string
  readonly yes: string
  readonly no: string
  /** What a no means. */
  readonly noMeans: string
  readonly topics: string
  readonly topicsNote: string
  readonly pending: string
  readonly suppressed: string
  readonly moved: string
  readonly save: string
  readonly saved: string
  readonly all: string
  /** On a page that has expired: of what the link was about. */
  readonly unsubscribe: string
  readonly unsubscribed: string
  readonly confirmTitle: string
  readonly confirmLead: (subject: string, organization: string) => string
  readonly confirm: string
  readonly confirmed: string
  readonly ignore: string
  readonly broken: string
  readonly brokenHint: string
  readonly expired: string
  readonly expiredHint: string
  readonly busy: string
  readonly busyHint: string
}

const en: Texts = {
  title: 'Your preferences',
  lead: (organization) => `Choose which messages you receive from ${organization}.`,
  email: 'Email',
  voice: 'Phone calls',
  push: 'Push notifications',
  yes: 'Yes, I want messages',
  no: 'No messages',
  noMeans: 'After a no you receive nothing at all here, not even reminders or receipts.',
  topics: 'Topics',
  topicsNote: 'A topic only arrives where you have not said no above.',
  pending: 'waiting for your confirmation',
  suppressed: 'Messages to you are stopped here. Please contact the sender to change this.',
  moved: 'This link was sent to an address that is no longer yours here. You can only unsubscribe with it.',
  save: 'Save',
  saved: 'Your preferences are saved.',
  all: 'Unsubscribe from everything',
  unsubscribe: 'Unsubscribe',
  unsubscribed: 'You are unsubscribed.',
  confirmTitle: 'Confirm your subscription',
  confirmLead: (subject, organization) => `Do you want to receive messages from ${organization}: ${subject}?`,
  confirm: 'Yes, confirm',
  confirmed: 'Your subscription is confirmed.',
  ignore: 'If you did not ask for this, close this page. Nothing changes.',
  broken: 'This link does not work',
  brokenHint: 'It may be incomplete. Please open it again from the message.',
  expired: 'This link is no longer valid',
  expiredHint: 'Please use the link in a newer message, or contact the sender.',
  busy: 'Too many requests',
  busyHint: 'Please wait a minute and try again.',
}

const de: Texts = {
  title: 'Ihre Einstellungen',
  lead: (organization) => `Wählen Sie, welche Nachrichten Sie von ${organization} erhalten.`,
  email: 'E-Mail',
  voice: 'Anrufe',
  push: 'Push-Mitteilungen',
  yes: 'Ja, ich möchte Nachrichten',
  no: 'Keine Nachrichten',
  noMeans: 'Nach einem Nein erhalten Sie hier gar nichts mehr, auch keine Erinnerungen oder Belege.',
  topics: 'Themen',
  topicsNote: 'Ein Thema kommt nur dort an, wo Sie oben nicht Nein gesagt haben.',
  pending: 'wartet auf Ihre Bestätigung',
  suppressed: 'Nachrichten an Sie sind hier gestoppt. Bitte wenden Sie sich an den Absender, um das zu ändern.',
  moved: 'Dieser Link ging an eine Adresse, die hier nicht mehr Ihre ist. Sie können sich damit nur abmelden.',
  save: 'Speichern',
  saved: 'Ihre Einstellungen sind gespeichert.',
  all: 'Von allem abmelden',
  unsubscribe: 'Abmelden',
  unsubscribed: 'Sie sind abgemeldet.',
  confirmTitle: 'Anmeldung bestätigen',
  confirmLead: (subject, organization) => `Möchten Sie Nachrichten von ${organization} erhalten: ${subject}?`,
  confirm: 'Ja, bestätigen',
  confirmed: 'Ihre Anmeldung ist bestätigt.',
  ignore: 'Wenn Sie das nicht angefordert haben, schließen Sie diese Seite. Es ändert sich nichts.',
  broken: 'Dieser Link funktioniert nicht',
  brokenHint: 'Vielleicht ist er unvollständig. Bitte öffnen Sie ihn noch einmal aus der Nachricht.',
  expired: 'Dieser Link ist nicht mehr gültig',
  expiredHint: 'Bitte nehmen Sie den Link aus einer neueren Nachricht oder wenden Sie sich an den Absender.',
  busy: 'Zu viele Anfragen',
  busyHint: 'Bitte warten Sie eine Minute und versuchen Sie es noch einmal.',
}

const fr: Texts = {
  title: 'Vos préférences',
  lead: (organization) => `Choisissez les messages que vous recevez de ${organization}.`,
  email: 'E-mail',
  voice: 'Appels téléphoniques',
  push: 'Notifications push',
  yes: 'Oui, je souhaite des messages',
  no: 'Aucun message',
  noMeans: 'Après un non, vous ne recevez plus rien ici, pas même des rappels ou des reçus.',
  topics: 'Thèmes',
  topicsNote: 'Un thème n’arrive que là où vous n’avez pas dit non ci-dessus.',
  pending: 'en attente de votre confirmation',
  suppressed: 'Les messages qui vous sont adressés ici sont arrêtés. Contactez l’expéditeur pour modifier cela.',
  moved: 'Ce lien a été envoyé à une adresse qui n’est plus la vôtre ici. Il permet seulement de se désabonner.',
  save: 'Enregistrer',
  saved: 'Vos préférences sont enregistrées.',
  all: 'Se désabonner de tout',
  unsubscribe: 'Se désabonner',
  unsubscribed: 'Vous êtes désabonné.',
  confirmTitle: 'Confirmez votre abonnement',
  confirmLead: (subject, organization) => `Souhaitez-vous recevoir des messages de ${organization} : ${subject} ?`,
  confirm: 'Oui, confirmer',
  confirmed: 'Votre abonnement est confirmé.',
  ignore: 'Si vous n’avez rien demandé, fermez cette page. Rien ne change.',
  broken: 'Ce lien ne fonctionne pas',
  brokenHint: 'Il est peut-être incomplet. Ouvrez-le de nouveau depuis le message.',
  expired: 'Ce lien n’est plus valable',
  expiredHint: 'Utilisez le lien d’un message plus récent ou contactez l’expéditeur.',
  busy: 'Trop de requêtes',
  busyHint: 'Attendez une minute et réessayez.',
}

const es: Texts = {
  title: 'Sus preferencias',
  lead: (organization) => `Elija qué mensajes recibe de ${organization}.`,
  email: 'Correo electrónico',
  voice: 'Llamadas telefónicas',
  push: 'Notificaciones push',
  yes: 'Sí, quiero mensajes',
  no: 'Ningún mensaje',
  noMeans: 'Después de un no, no recibirá nada por este medio, ni siquiera recordatorios o recibos.',
  topics: 'Temas',
  topicsNote: 'Un tema solo llega por los medios a los que no ha dicho que no arriba.',
  pending: 'pendiente de su confirmación',
  suppressed: 'Los mensajes para usted están detenidos aquí. Póngase en contacto con el remitente para cambiarlo.',
  moved: 'Este enlace se envió a una dirección que ya no es suya aquí. Solo sirve para darse de baja.',
  save: 'Guardar',
  saved: 'Sus preferencias se han guardado.',
  all: 'Darse de baja de todo',
  unsubscribe: 'Darse de baja',
  unsubscribed: 'Se ha dado de baja.',
  confirmTitle: 'Confirme su suscripción',
  confirmLead: (subject, organization) => `¿Quiere recibir mensajes de ${organization}: ${subject}?`,
  confirm: 'Sí, confirmar',
  confirmed: 'Su suscripción está confirmada.',
  ignore: 'Si no lo ha solicitado, cierre esta página. No cambia nada.',
  broken: 'Este enlace no funciona',
  brokenHint: 'Puede que esté incompleto. Ábralo de nuevo desde el mensaje.',
  expired: 'Este enlace ya no es válido',
  expiredHint: 'Use el enlace de un mensaje más reciente o póngase en contacto con el remitente.',
  busy: 'Demasiadas solicitudes',
  busyHint: 'Espere un minuto e inténtelo de nuevo.',
}

const pt: Texts = {
  title: 'As suas preferências',
  lead: (organization) => `Escolha que mensagens recebe de ${organization}.`,
  email: 'E-mail',
  voice: 'Chamadas telefónicas',
  push: 'Notificações push',
  yes: 'Sim, quero mensagens',
  no: 'Nenhuma mensagem',
  noMeans: 'Depois de um não, não recebe mais nada aqui, nem lembretes nem recibos.',
  topics: 'Temas',
  topicsNote: 'Um tema só chega onde não disse não acima.',
  pending: 'a aguardar a sua confirmação',
  suppressed: 'As mensagens para si estão paradas aqui. Contacte o remetente para alterar isto.',
  moved: 'Este link foi enviado para um endereço que já não é seu aqui. Só serve para cancelar a subscrição.',
  save: 'Guardar',
  saved: 'As suas preferências foram guardadas.',
  all: 'Cancelar tudo',
  unsubscribe: 'Cancelar a subscrição',
  unsubscribed: 'A sua subscrição foi cancelada.',
  confirmTitle: 'Confirme a sua subscrição',
  confirmLead: (subject, organization) => `Quer receber mensagens de ${organization}: ${subject}?`,
  confirm: 'Sim, confirmar',
  confirmed: 'A sua subscrição está confirmada.',
  ignore: 'Se não pediu isto, feche esta página. Nada muda.',
  broken: 'Este link não funciona',
  brokenHint: 'Pode estar incompleto. Abra-o novamente a partir da mensagem.',
  expired: 'Este link já não é válido',
  expiredHint: 'Use o link de uma mensagem mais recente ou contacte o remetente.',
  busy: 'Demasiados pedidos',
  busyHint: 'Aguarde um minuto e tente novamente.',
}

const it: Texts = {
  title: 'Le tue preferenze',
  lead: (organization) => `Scegli quali messaggi ricevere da ${organization}.`,
  email: 'E-mail',
  voice: 'Telefonate',
  push: 'Notifiche push',
  yes: 'Sì, voglio ricevere messaggi',
  no: 'Nessun messaggio',
  noMeans: 'Dopo un no qui non ricevi più nulla, nemmeno promemoria o ricevute.',
  topics: 'Argomenti',
  topicsNote: 'Un argomento arriva solo dove non hai detto no qui sopra.',
  pending: 'in attesa della tua conferma',
  suppressed: 'I messaggi per te qui sono sospesi. Contatta il mittente per cambiare.',
  moved: 'Questo link è stato inviato a un indirizzo che qui non è più tuo. Serve solo per annullare l’iscrizione.',
  save: 'Salva',
  saved: 'Le tue preferenze sono salvate.',
  all: 'Annulla tutte le iscrizioni',
  unsubscribe: 'Annulla l’iscrizione',
  unsubscribed: 'L’iscrizione è annullata.',
  confirmTitle: 'Conferma l’iscrizione',
  confirmLead: (subject, organization) => `Vuoi ricevere messaggi da ${organization}: ${subject}?`,
  confirm: 'Sì, conferma',
  confirmed: 'L’iscrizione è confermata.',
  ignore: 'Se non l’hai richiesto, chiudi questa pagina. Non cambia nulla.',
  broken: 'Questo link non funziona',
  brokenHint: 'Forse è incompleto. Aprilo di nuovo dal messaggio.',
  expired: 'Questo link non è più valido',
  expiredHint: 'Usa il link di un messaggio più recente o contatta il mittente.',
  busy: 'Troppe richieste',
  busyHint: 'Attendi un minuto e riprova.',
}

const nl: Texts = {
  title: 'Uw voorkeuren',
  lead: (organization) => `Kies welke berichten u van ${organization} ontvangt.`,
  email: 'E-mail',
  voice: 'Telefoongesprekken',
  push: 'Pushmeldingen',
  yes: 'Ja, ik wil berichten',
  no: 'Geen berichten',
  noMeans: 'Na een nee ontvangt u hier niets meer, ook geen herinneringen of bonnen.',
  topics: 'Onderwerpen',
  topicsNote: 'Een onderwerp komt alleen aan waar u hierboven geen nee hebt gezegd.',
  pending: 'wacht op uw bevestiging',
  suppressed: 'Berichten aan u zijn hier gestopt. Neem contact op met de afzender om dit te wijzigen.',
  moved: 'Deze link is gestuurd naar een adres dat hier niet meer van u is. U kunt zich er alleen mee afmelden.',
  save: 'Opslaan',
  saved: 'Uw voorkeuren zijn opgeslagen.',
  all: 'Overal voor afmelden',
  unsubscribe: 'Afmelden',
  unsubscribed: 'U bent afgemeld.',
  confirmTitle: 'Bevestig uw aanmelding',
  confirmLead: (subject, organization) => `Wilt u berichten van ${organization} ontvangen: ${subject}?`,
  confirm: 'Ja, bevestigen',
  confirmed: 'Uw aanmelding is bevestigd.',
  ignore: 'Hebt u dit niet aangevraagd? Sluit dan deze pagina. Er verandert niets.',
  broken: 'Deze link werkt niet',
  brokenHint: 'Misschien is hij onvolledig. Open hem opnieuw vanuit het bericht.',
  expired: 'Deze link is niet meer geldig',
  expiredHint: 'Gebruik de link in een nieuwer bericht of neem contact op met de afzender.',
  busy: 'Te veel verzoeken',
  busyHint: 'Wacht een minuut en probeer het opnieuw.',
}

const pl: Texts = {
  title: 'Twoje preferencje',
  lead: (organization) => `Wybierz wiadomości, które chcesz otrzymywać. Nadawca: ${organization}.`,
  email: 'E-mail',
  voice: 'Rozmowy telefoniczne',
  push: 'Powiadomienia push',
  yes: 'Tak, chcę otrzymywać wiadomości',
  no: 'Żadnych wiadomości',
  noMeans: 'Po odmowie nie otrzymasz tu niczego, nawet przypomnień ani potwierdzeń.',
  topics: 'Tematy',
  topicsNote: 'Temat dociera tylko tam, gdzie powyżej nie wybrano odmowy.',
  pending: 'czeka na Twoje potwierdzenie',
  suppressed: 'Wiadomości do Ciebie są tu wstrzymane. Aby to zmienić, skontaktuj się z nadawcą.',
  moved: 'Ten link wysłano na adres, który nie jest tu już Twój. Możesz nim tylko zrezygnować z wiadomości.',
  save: 'Zapisz',
  saved: 'Twoje preferencje zostały zapisane.',
  all: 'Zrezygnuj ze wszystkiego',
  unsubscribe: 'Zrezygnuj z wiadomości',
  unsubscribed: 'Zrezygnowano z wiadomości.',
  confirmTitle: 'Potwierdź subskrypcję',
  confirmLead: (subject, organization) => `Czy chcesz otrzymywać wiadomości? Nadawca: ${organization}, temat: ${subject}.`,
  confirm: 'Tak, potwierdzam',
  confirmed: 'Subskrypcja została potwierdzona.',
  ignore: 'Jeśli to nie Twoja prośba, zamknij tę stronę. Nic się nie zmieni.',
  broken: 'Ten link nie działa',
  brokenHint: 'Może być niekompletny. Otwórz go ponownie z wiadomości.',
  expired: 'Ten link jest już nieważny',
  expiredHint: 'Użyj linku z nowszej wiadomości lub skontaktuj się z nadawcą.',
  busy: 'Zbyt wiele żądań',
  busyHint: 'Odczekaj minutę i spróbuj ponownie.',
}

/** The languages of the pages by their ISO 639-1 codes. */
export const texts = { en, de, fr, es, pt, it, nl, pl } as const satisfies Readonly<Record<string, Texts>>

export type PageLanguage = keyof typeof texts

export function isPageLanguage(code: string): code is PageLanguage {
  return Object.hasOwn(texts, code)
}
