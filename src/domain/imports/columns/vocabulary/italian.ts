import type { Vocabulary } from './vocabulary.ts'

export const italian: Vocabulary = {
  phone:
    'Telefono, Numero di telefono, N. di telefono, N° telefono, Numero telefono, Telefono principale, Recapito telefonico, Numero telefonico',
  'phone:mobile':
    'Cellulare, Telefono cellulare, Numero di cellulare, Numero cellulare, Cell, Telefonino, Telefono mobile, Tel cellulare, Num cellulare, N. cellulare',
  'phone:other':
    'Telefono fisso, Fisso, Telefono casa, Telefono abitazione, Telefono ufficio, Telefono lavoro, Altro telefono, Telefono 2, Telefono aziendale, Telefono azienda, Telefono secondario, Telefono personale, Tel ufficio',
  phone_extension: 'Interno, Interno telefonico',
  email:
    'Indirizzo posta elettronica, Indirizzo di posta elettronica, Indirizzo e-mail, Indirizzo email, Posta elettronica, Indirizzo di posta elettronica, Indirizzo mail, E-mail principale, Indirizzo di posta, Casella email',
  'email:other': 'E-mail lavoro, E-mail personale, E-mail aziendale, E-mail ufficio, Altra e-mail, E-mail secondaria, Email di lavoro, PEC',
  first_name: 'Nome proprio, Nome di battesimo',
  last_name: 'Cognome, Cognomi',
  name: 'Nome',
  display_name:
    'Nome completo, Nome e cognome, Cognome e nome, Nominativo, Nome visualizzato, Nome contatto, Nome del contatto, Nome cliente, Nome del cliente, Cliente, Contatto, Cognome nome, Nome cognome',
  company:
    'Nome account, Azienda collegata, Azienda, Società, Ditta, Nome azienda, Nome società, Ragione sociale, Organizzazione, Impresa, Nome dell’azienda, Nome organizzazione',
  country_code: 'Paese, Nazione, Codice paese, Stato/Paese, Paese/Area geografica, Paese di residenza, Codice nazione, Paese/Regione',
  'country_code:other':
    'Paese di fatturazione, Paese di spedizione, Paese ufficio, Paese abitazione, Nazione fatturazione, Paese fatturazione, Paese spedizione',
  timezone: 'Fuso orario',
  language: 'Lingua, Lingua preferita, Codice lingua, Lingua parlata, Lingua madre',
  lifecycle_stage: 'Fase del ciclo di vita, Ciclo di vita, Fase, Stadio, Stato cliente',
  'lifecycle_stage:other': 'Stato del lead, Stato contatto, Tipo di contatto',
  tags: 'Etichette, Etichetta, Parole chiave, Categorie, Categoria, Gruppi, Gruppo, Liste, Segmenti',
  first_seen:
    'Creato il, Data di creazione, Data creazione, Aggiunto il, Cliente dal, Data di registrazione, Registrato il, Data iscrizione, Data di iscrizione',
  'opt_out:email':
    'Iscrizione annullata a tutte le e-mail, Annullata iscrizione a tutte le e-mail, Rifiuto e-mail, Disiscritto, Cancellato, Disiscrizione, Iscrizione annullata, Non inviare e-mail, Non inviare email, Niente e-mail, Disiscritto dalle e-mail, Annullata iscrizione, Disiscritto dalla newsletter, No e-mail',
  'opt_out:sms': 'No SMS, Non inviare SMS, Niente SMS, Disiscritto SMS',
  'opt_out:voice': 'Non chiamare, Non telefonare, Niente chiamate, Registro delle opposizioni',
  'opt_out:fax': 'Non inviare fax',
  'opt_out:all':
    'Lista nera, Non contattare, Lista nera, Bloccato, Non disturbare, Niente pubblicità, No marketing, Opposizione, No pubblicità, Escluso, In lista nera',
  'opt_in:email':
    'Accetta email marketing, Accetta marketing, Iscritto, Iscritto alla newsletter, Consenso e-mail, Consenso newsletter, Accetta e-mail, Accetta newsletter, Consenso email marketing, Iscrizione newsletter',
  'opt_in:sms': 'Consenso SMS, Accetta SMS',
  'opt_in:voice': 'Consenso telefonico, Accetta chiamate',
  'opt_in:all':
    'Consenso, Consenso marketing, Accetta marketing, Consenso al marketing, Consenso privacy, Consenso GDPR, Accetta comunicazioni, Consenso pubblicità',
  'opt_out_time:email': 'Disiscritto il, Data disiscrizione, Data di disiscrizione, Data cancellazione',
  'opt_out_time:all': 'Data opposizione, Bloccato il',
}
