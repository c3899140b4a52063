import type { Vocabulary } from './vocabulary.ts'

export const german: Vocabulary = {
  phone: 'Telefon, Telefonnummer, Telefonnr, Telefon Nr, Tel Nr, Rufnummer, Fon, Fernsprecher, Haupttelefon, Telefon Haupt',
  'phone:mobile':
    'Handy, Handynummer, Handynr, Mobil, Mobilnummer, Mobilnr, Mobiltelefon, Mobilfunk, Mobilfunknummer, Telefon mobil, Mobile Nummer, Mobiltelefonnummer, Natel, Mobil Nr, Handy Nr',
  'phone:other':
    'Telefon geschäftlich, Telefon privat, Telefon (privat), Telefon (geschäftlich), Telefon Arbeit, Festnetz, Festnetznummer, Telefon 2, Weiteres Telefon, Durchwahlnummer, ' +
    'Telefon dienstlich, Telefon Büro, Privattelefon, Geschäftstelefon, Geschäftlich Telefon, Telefon Firma, Telefon Festnetz, Zweites Telefon',
  phone_extension: 'Durchwahl, Nebenstelle',
  email:
    'E-Mail-Adresse, E-Mail, Email Adresse, Mailadresse, Mail Adresse, Emailadresse, E-Mailadresse, E-Post, Elektronische Post, E-Mail Kontakt, Kunden E-Mail, E-Mail-Adresse (primär), Mailadressen, E-Mail-Adressen, Kontakt-E-Mail',
  'email:other':
    'E-Mail geschäftlich, E-Mail privat, E-Mail Arbeit, E-Mail 2-Adresse, E-Mail-Adresse 2, Weitere E-Mail, Zweite E-Mail, Private E-Mail, Geschäftliche E-Mail, E-Mail dienstlich',
  first_name: 'Vorname, Vornamen, Rufname',
  last_name: 'Nachname, Familienname, Zuname, Nachnamen',
  display_name:
    'Vollständiger Name, Anzeigename, Kontaktname, Kundenname, Voller Name, Vor- und Nachname, Vorname Nachname, Vor und Zuname, Ansprechpartner, Kontakt, Kunde, Nachname Vorname',
  company:
    'Organisation 1 - Name, Name des Unternehmens, Zugehöriges Unternehmen, Accountname, Kundenunternehmen, Firma, Firmenname, Unternehmen, Unternehmensname, Organisation, Arbeitgeber, Betrieb, Gesellschaft, Firmenbezeichnung',
  country_code:
    'Land, Länderkürzel, Ländercode, Landeskennzeichen, Länderkennzeichen, Land/Region, Herkunftsland, Wohnland, ISO-Land, Staat (Land), Landescode',
  'country_code:other':
    'Postanschrift Land, Postanschrift - Land, Rechnungsanschrift Land, Land (Postanschrift), Land geschäftlich, Land privat, Land/Region geschäftlich, Land/Region privat, Rechnungsland, Lieferland, Land der Rechnungsadresse, Land der Lieferadresse, Land (Rechnung), Land (Lieferung)',
  timezone: 'Zeitzone',
  language: 'Sprache, Sprachcode, Bevorzugte Sprache, Korrespondenzsprache, Muttersprache, Kontaktsprache',
  lifecycle_stage: 'Lebenszyklusphase, Lebenszyklus, Phase, Kundenstatus, Lifecycle-Phase, Kundenphase',
  'lifecycle_stage:other': 'Leadstatus, Lead-Status, Kontaktstatus',
  tags: 'Schlagwörter, Schlagworte, Schlagwort, Stichwörter, Stichworte, Etiketten, Kategorien, Kategorie, Gruppen, Gruppe, Kennzeichnungen, Markierungen, Listen, Segmente, Schlüsselwörter',
  first_seen:
    'Erstelldatum, Erstellt am, Erstellungsdatum, Angelegt am, Erstellt, Anlagedatum, Kunde seit, Registriert am, Hinzugefügt am, Angemeldet am, Anmeldedatum, Mitglied seit, Erfasst am',
  'opt_out:email':
    'Von allen E-Mails abgemeldet, Von E-Mails abgemeldet, E-Mails abbestellt, Abgemeldet, Abbestellt, Newsletter abbestellt, Keine E-Mails, Keine E-Mail, Keine Mails, E-Mail Abmeldung, Newsletter abgemeldet, Vom Newsletter abgemeldet, E-Mail Opt-out, E-Mail-Sperre, ' +
    'Kein Newsletter, Keine Newsletter, Unzustellbar, E-Mail gesperrt, E-Mail unzustellbar, Keine Werbung per E-Mail',
  'opt_out:sms': 'Keine SMS, SMS Abmeldung, SMS abgemeldet, SMS gesperrt, SMS Opt-out',
  'opt_out:voice':
    'Nicht anrufen, Keine Anrufe, Anrufsperre, Telefonsperre, Kein Anruf, Telefonisch nicht kontaktieren, Bitte nicht anrufen',
  'opt_out:fax': 'Kein Fax, Keine Faxe',
  'opt_out:all':
    'Schwarze Liste, Sperrliste, Auf Sperrliste, Nicht kontaktieren, Kontaktsperre, Werbesperre, Keine Werbung, Gesperrt, Sperrvermerk, Kein Kontakt, Widersprochen, Werbewiderspruch, Widerspruch, Einwilligung widerrufen, Robinsonliste, Bitte nicht kontaktieren, Werbung untersagt, Blockiert',
  'opt_in:email':
    'Akzeptiert E-Mail-Marketing, Akzeptiert Marketing, E-Mail-Marketing akzeptiert, Marketing akzeptiert, E-Mail-Marketing-Zustimmung, Newsletter-Anmeldung, Newsletter Einwilligung, E-Mail-Einwilligung, Einwilligung E-Mail, E-Mail-Werbung, E-Mail Marketing Einwilligung, Newsletter abonniert, Newsletter erlaubt, E-Mail erlaubt, Abonniert, Werbung per E-Mail, Newsletter Empfänger',
  'opt_in:sms':
    'Akzeptiert SMS-Marketing, SMS-Marketing akzeptiert, SMS-Marketing-Einwilligung, SMS-Marketing-Zustimmung, SMS-Einwilligung, Einwilligung SMS, SMS erlaubt, SMS-Werbung, Werbung per SMS',
  'opt_in:voice': 'Einwilligung Telefon, Telefon-Einwilligung, Anruf erlaubt, Telefonwerbung, Anrufe erlaubt',
  'opt_in:all':
    'Einwilligung, Werbeeinwilligung, Marketing-Einwilligung, Zustimmung, Werbung erlaubt, Werbeerlaubnis, DSGVO-Einwilligung, Datenschutz-Einwilligung, Kontakt erlaubt, DSGVO',
  'opt_out_time:email': 'Abgemeldet am, Abmeldedatum, Abbestellt am, Abmeldezeitpunkt',
  'opt_out_time:all': 'Widerrufen am, Gesperrt am, Widerspruch am, Widersprochen am, Widerrufsdatum',
}
