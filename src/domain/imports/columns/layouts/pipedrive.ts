import type { Layout } from '../vocabulary/vocabulary.ts'

/** Pipedrive: people exported as CSV, whose columns are called after the kind of record. */
export const pipedrive: Layout = {
  tool: 'Pipedrive',
  marks: ['Person - Name', 'Person - ID', 'Person - Email - Work', 'Person - Phone - Work'],
  columns: {
    phone: 'Person - Phone',
    'phone:mobile': 'Person - Phone - Mobile',
    'phone:other': 'Person - Phone - Work, Person - Phone - Home, Person - Phone - Other',
    email: 'Person - Email',
    'email:other': 'Person - Email - Work, Person - Email - Home, Person - Email - Other',
    first_name: 'Person - First name',
    last_name: 'Person - Last name',
    display_name: 'Person - Name',
    company: 'Person - Organization',
    tags: 'Person - Label, Person - Labels',
    'opt_in:email': 'Person - Marketing status',
    first_seen: 'Person - Person created',
    'external_id:pipedrive': 'Person - ID',
    attribute: 'Person - Owner, Person - Update time, Person - Visible to',
  },
}
