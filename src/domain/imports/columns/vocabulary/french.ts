import type { Vocabulary } from './vocabulary.ts'

export const french: Vocabulary = {
  phone:
    'Téléphone, Numéro de téléphone, N° de téléphone, No de téléphone, Tél, Tel principal, Téléphone principal, Num tel, Num de téléphone, N° tél',
  'phone:mobile':
    'Téléphone mobile, Tél mobile, Portable, Téléphone portable, Tél portable, Mobile, Numéro de mobile, Numéro de portable, Numéro de téléphone mobile, Numéro de téléphone portable, GSM, N° de portable, N° mobile',
  'phone:other':
    'Téléphone fixe, Fixe, Tél fixe, Téléphone domicile, Téléphone (domicile), Téléphone bureau, Téléphone (bureau), Tél bureau, Tél domicile, Téléphone professionnel, Téléphone personnel, ' +
    'Tél professionnel, Téléphone travail, Téléphone 2, Autre téléphone, Téléphone secondaire, Téléphone société, Ligne directe',
  phone_extension: 'Extension téléphonique, Numéro de poste',
  email:
    'Adresse e-mail, Adresse email, Courriel, Adresse de messagerie, Adresse courriel, Adresse électronique, Mél, Adresse mail, E-mail principal, Courrier électronique, Adresse de courriel',
  'email:other':
    'E-mail professionnel, E-mail personnel, Courriel professionnel, Courriel personnel, Email pro, Email perso, Autre e-mail, Autre adresse e-mail, E-mail secondaire, Adresse e-mail secondaire',
  first_name: 'Prénom, Prénoms, Prénom du contact, Prénom usuel',
  last_name: 'Nom de famille, Name de famille, Nom patronymique, Nom du contact, Patronyme',
  name: 'Nom',
  display_name:
    'Nom complet, Nom affiché, Nom et prénom, Nom prénom, Prénom et nom, Prénom nom, Nom du client, Nom d’affichage, Interlocuteur, Client',
  company:
    'Organisation 1 - Nom, Nom du compte, Société liée, Société associée, Société, Entreprise, Nom de la société, Nom de l’entreprise, Raison sociale, Organisation, Organisme, Employeur, Nom société, Nom entreprise, Établissement, Compagnie',
  country_code: 'Pays, Code pays, Pays/Région, Pays de résidence, Code du pays, Pays ISO',
  'country_code:other':
    'Pays de correspondance, Pays (adresse postale), Pays (domicile), Pays (bureau), Pays domicile, Pays bureau, Pays de facturation, Pays de livraison, Pays/Région (bureau), Pays/Région (domicile), Pays facturation, Pays livraison',
  timezone: 'Fuseau horaire, Zone horaire',
  language: 'Langue, Code langue, Langue préférée, Langue parlée, Langue de correspondance, Langue de communication, Langue maternelle',
  lifecycle_stage: 'Phase du cycle de vie, Étape du cycle de vie, Cycle de vie, Étape, Statut client, Phase de cycle de vie',
  'lifecycle_stage:other': 'Statut du lead, Statut du contact, Statut du prospect, Type de contact',
  tags: 'Étiquettes, Étiquette, Mots-clés, Mots clés, Catégories, Catégorie, Groupes, Groupe, Libellés, Balises, Listes, Segments, Mot-clé',
  first_seen:
    'Créé le, Date de création, Date d’ajout, Ajouté le, Client depuis, Date d’inscription, Inscrit le, Date de création du contact, Membre depuis',
  'opt_out:email':
    'Désinscription des e-mails, Désinscription des emails, Désabonné des e-mails, Désinscrit des e-mails, Désabonné, Désinscrit, Désabonnement, Désinscription, Désabonné des e-mails, Désabonné de tous les e-mails, Pas d’e-mail, Ne pas envoyer d’e-mail, Refus e-mail, Opposition e-mail, NPAI e-mail, Désabonné newsletter, Plus d’e-mails, Pas d’emailing',
  'opt_out:sms': 'Pas de SMS, Refus SMS, Désabonné SMS, Opposition SMS, Stop SMS, Ne pas envoyer de SMS',
  'opt_out:voice':
    'Ne pas appeler, Pas d’appel, Pas d’appels, Refus téléphone, Bloctel, Opposition téléphone, Ne pas téléphoner, Liste rouge',
  'opt_out:fax': 'Pas de fax',
  'opt_out:all':
    'Ne pas contacter, Opposition, Liste noire, Bloqué, Refus de contact, Pas de prospection, Ne plus contacter, Opposé au marketing, Opposition marketing, Refus marketing, Sur liste noire, Exclu, Ne pas démarcher, Refuse les communications',
  'opt_in:email':
    'Accepte le marketing par e-mail, Accepte le marketing, Abonné à la newsletter, Abonné newsletter, Inscrit à la newsletter, Consentement e-mail, Accepte les e-mails, Optin e-mail, Abonné, Accepte la newsletter, Accord e-mail, Abonnement newsletter, Opt-in e-mail, Accepte l’emailing',
  'opt_in:sms':
    'Accepte le marketing par SMS, Consentement marketing SMS, Consentement SMS, Accepte les SMS, Optin SMS, Accord SMS, Opt-in SMS',
  'opt_in:voice': 'Consentement téléphone, Accepte les appels, Accord téléphone',
  'opt_in:all':
    'Consentement, Consentement marketing, Accepte le marketing, Accord, Consentement RGPD, RGPD, Accepte d’être contacté, Autorisation, Accepte la prospection, Optin',
  'opt_out_time:email': 'Désabonné le, Date de désabonnement, Désinscrit le, Date de désinscription',
  'opt_out_time:all': 'Date d’opposition, Opposition le, Date de retrait',
}
