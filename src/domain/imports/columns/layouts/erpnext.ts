import type { Layout } from '../vocabulary/vocabulary.ts'

/** ERPNext: contacts, leads and customers, with labels or with technical names. */
export const erpnext: Layout = {
  tool: 'ERPNext',
  marks: [
    'Email ID (Email IDs)',
    'Number (Contact Numbers)',
    'Link Document Type (Links)',
    'Mobile No, Email Address',
    'Lead Name',
    'Organization Name, Print Language',
    'Salutation, Company Name, Unsubscribed',
    'email_id, mobile_no',
    'Customer Name, Territory',
    'Mobile No, Email Id',
    'lead_name',
    'company_name, mobile_no',
    'Designation, Unsubscribed',
    'Print Language',
    'Blog Subscriber',
    'Sync with Google Contacts',
  ],
  columns: {
    phone: 'Phone, phone, Number (Contact Numbers), Number (Phone Nos), Primary Phone, phone_nos.phone',
    'phone:mobile': 'Mobile No, mobile_no, Mobile No., Mobile Number',
    'phone:other': 'WhatsApp, whatsapp_no, WhatsApp No, Phone Ext., Phone No',
    phone_extension: 'Phone Ext., phone_ext',
    email: 'Email Address, Email ID, Email Id, email_id, Email ID (Email IDs), Email, email_ids.email_id',
    first_name: 'First Name, first_name',
    last_name: 'Last Name, last_name',
    display_name: 'Full Name, full_name, Lead Name, lead_name, Person Name',
    company:
      'Company Name, company_name, Organization Name, Organization, Customer Name, customer_name, Link Title (Links), Link Name (Links)',
    country_code: 'Country, country',
    'country_code:other': 'Billing Country, Territory, territory',
    language: 'Print Language, language, Language, Default Language',
    lifecycle_stage: 'Lifecycle Stage, Qualification Status, qualification_status',
    'lifecycle_stage:other': 'Status, status',
    tags: 'Tags, _user_tags, Tags (_user_tags)',
    'opt_out:email': 'Unsubscribed, unsubscribed',
    'opt_in:email': 'Blog Subscriber, blog_subscriber',
    first_seen: 'Created On, creation, Creation',
    'external_id:erpnext': 'ID, name',
    attribute:
      'Salutation, Gender, Designation, Department, User Id, user, Address, Is Primary (Email IDs), Is Primary Phone (Contact Numbers), Is Primary Mobile (Contact Numbers), ID (Email IDs), ID (Contact Numbers), ' +
      'ID (Links), Link Document Type (Links), Middle Name, middle_name, Is Primary Contact, Is Billing Contact, Source, Lead Owner, Market Segment, Industry, Request Type, Lead Type, Series, Disabled, Fax, Website, Company, ' +
      'Customer Type, Customer Group, Google Contacts, Pulled from Google Contacts, Sync with Google Contacts, Last Updated On, Owner, Image, Job Title, City, State, Annual Revenue, No of Employees',
  },
}
