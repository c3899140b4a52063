import type { Vocabulary } from './vocabulary.ts'

export const dutch: Vocabulary = {
  phone: 'Telefoon, Telefoonnummer, Telefoonnr, Tel nr, Telefoon nr, Hoofdtelefoon, Telefoonnummer contact',
  'phone:mobile':
    'Mobiel, Mobiele telefoon, Mobiel nummer, Mobielnummer, Gsm, Gsm-nummer, 06-nummer, Mobiele nummer, Mobiel telefoonnummer, Telefoon mobiel, Gsm nr',
  'phone:other':
    'Telefoon op werk, Telefoon werk, Telefoon thuis, Telefoon thuis, Telefoon werk, Vaste telefoon, Vast nummer, Telefoon zakelijk, Telefoon privé, Ander telefoonnummer, Telefoon 2, Zakelijke telefoon, Telefoon overig, Telefoonnummer werk, Telefoonnummer zakelijk, Telefoonnummer privé',
  phone_extension: 'Toestel, Toestelnummer',
  email: 'E-mailadres, E-mail adres, Mailadres, Emailadres, Elektronische post, E-mailadres contact',
  'email:other':
    'E-mail werk, E-mail privé, E-mail thuis, E-mail zakelijk, Zakelijk e-mailadres, Privé e-mailadres, Ander e-mailadres, E-mailadres 2, Tweede e-mailadres',
  first_name: 'Voornaam, Roepnaam, Voornamen',
  last_name: 'Achternaam, Familienaam, Geslachtsnaam',
  name: 'Naam',
  display_name:
    'Volledige naam, Weergavenaam, Contactnaam, Contactpersoon, Klantnaam, Naam contactpersoon, Naam klant, Voor- en achternaam, Klant',
  company:
    'Accountnaam, Gerelateerd bedrijf, Bedrijf, Bedrijfsnaam, Organisatie, Organisatienaam, Werkgever, Onderneming, Firmanaam, Naam bedrijf, Naam organisatie',
  country_code: 'Land, Landcode, Land/regio, Land van herkomst, Woonland, Landnaam',
  'country_code:other': 'Land zakelijk, Land privé, Factuurland, Verzendland, Land werk, Land thuis, Land facturatie, Land/regio werk',
  timezone: 'Tijdzone',
  language: 'Taal, Taalcode, Voorkeurstaal, Voertaal, Moedertaal',
  lifecycle_stage: 'Levenscyclusfase, Levenscyclus, Fase, Klantstatus, Klantfase',
  'lifecycle_stage:other': 'Leadstatus, Contactstatus, Contacttype',
  tags: 'Labels, Trefwoorden, Categorieën, Categorie, Groepen, Groep, Etiketten, Lijsten, Segmenten, Kenmerken',
  first_seen: 'Aangemaakt op, Aanmaakdatum, Toegevoegd op, Klant sinds, Registratiedatum, Datum aangemaakt, Aangemaakt, Inschrijfdatum',
  'opt_out:email':
    'Afgemeld voor alle e-mails, Uitgeschreven voor alle e-mails, Uitgeschreven, Afgemeld, Uitgeschreven voor e-mail, Geen e-mail, Geen e-mails, Geen mail, Afgemeld voor nieuwsbrief, Uitgeschreven nieuwsbrief, Geen nieuwsbrief, Afmelding e-mail, Uitgeschreven voor alle e-mail',
  'opt_out:sms': 'Geen sms, Uitgeschreven sms, Afgemeld sms, Geen sms-berichten',
  'opt_out:voice': 'Niet bellen, Bel-me-niet, Bel me niet register, Geen telefoontjes, Geen telefoon',
  'opt_out:fax': 'Geen fax',
  'opt_out:all':
    'Zwarte lijst, Niet benaderen, Geen contact, Niet contacteren, Zwarte lijst, Geblokkeerd, Geen reclame, Geen marketing, Bezwaar, Niet storen, Niet contact opnemen, Uitgesloten',
  'opt_in:email':
    'Accepteert e-mailmarketing, Accepteert marketing, Nieuwsbrief, Ingeschreven, Ingeschreven voor nieuwsbrief, Toestemming e-mail, Aangemeld, Abonnee nieuwsbrief, Aangemeld voor nieuwsbrief, Geabonneerd, E-mail toegestaan',
  'opt_in:sms': 'Toestemming sms, Sms toegestaan',
  'opt_in:voice': 'Toestemming bellen, Bellen toegestaan',
  'opt_in:all':
    'Toestemming, Toestemming marketing, Marketing toegestaan, AVG toestemming, Accepteert marketing, Toestemming contact, Akkoord marketing',
  'opt_out_time:email': 'Uitgeschreven op, Afmelddatum, Afgemeld op, Uitschrijfdatum, Datum uitschrijving',
  'opt_out_time:all': 'Bezwaar op, Geblokkeerd op',
}
