import type { Layout } from '../vocabulary/vocabulary.ts'

/** Salesforce: contacts and leads, by the API names of the data export and the labels of reports. */
export const salesforce: Layout = {
  tool: 'Salesforce',
  marks: [
    'MailingCountry',
    'MailingCountryCode',
    'HasOptedOutOfEmail',
    'Account.Name',
    'AccountId, LastName',
    'Mailing Country, Account Name',
    'Email Opt Out, Last Name',
    'Salutation, LeadSource',
    'Contact ID, Account Name',
    'Kontakt-ID, Accountname',
    'ID du contact, Nom du compte',
    'Id. de contacto, Nombre de la cuenta',
    'Lead Source, Account Name',
    'Company / Account',
    'IsConverted, Company',
    'LeadSource, LastName',
    'Lead Owner, Lead Status',
  ],
  columns: {
    phone: 'Phone, Business Phone',
    'phone:mobile': 'MobilePhone, Mobile, Mobile Phone',
    'phone:other': 'HomePhone, OtherPhone, Home Phone, Other Phone, Asst. Phone Contact',
    company: 'Account.Name, Account Name, Company, Company / Account, AccountName, Account',
    country_code: 'MailingCountryCode, Mailing Country Code, CountryCode, Country Code, Country (text only)',
    'country_code:other':
      'MailingCountry, Mailing Country, Mailing Country (text only), OtherCountryCode, OtherCountry, Other Country, Country, Mailing Country/Territory, Country/Territory',
    timezone: 'TimeZoneSidKey, Time Zone',
    language: 'LanguageLocaleKey, Language, Languages__c, Languages',
    lifecycle_stage: 'Stage, Lifecycle_Stage__c, Lifecycle Stage, StageName',
    'lifecycle_stage:other': 'Status, Lead Status',
    tags: 'Topics, Tags__c, Tags',
    'opt_out:email': 'HasOptedOutOfEmail, Email Opt Out, Email Bounced, IsEmailBounced, HasOptedOutOfEmail__c',
    'opt_out:fax': 'HasOptedOutOfFax, Fax Opt Out',
    'opt_out:voice': 'DoNotCall, Do Not Call',
    'opt_out:sms': 'HasOptedOutOfSms__c, SMS_Opt_Out__c, SMS Opt Out, et4ae5__HasOptedOutOfMobile__c, Mobile Opt Out',
    'opt_out_time:email': 'EmailBouncedDate, EmailBouncedReason, Email Bounced Date, Email Bounced Reason',
    first_seen: 'CreatedDate, Created Date, Create Date',
    'external_id:salesforce': 'Id, Contact ID, Lead ID, Kontakt-ID, ID du contact, Id. de contacto, 18-digit Contact ID, Contact ID (18)',
    attribute:
      'AccountId, Account ID, OwnerId, Salutation, Title, Department, LeadSource, Lead Source, MailingStreet, MailingCity, MailingState, MailingPostalCode, Mailing Street, Mailing City, ' +
      'Mailing State/Province, Mailing Zip/Postal Code, Birthdate, Fax, AssistantName, AssistantPhone, Asst. Phone, Assistant, Description, IsDeleted, LastModifiedDate, SystemModstamp, MasterRecordId, OtherStreet, OtherCity, OtherState, OtherPostalCode, ReportsToId, CreatedById, LastModifiedById, Account Owner, Last Activity, Contact Owner, Lead Owner',
  },
}
