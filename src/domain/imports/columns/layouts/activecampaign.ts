import type { Layout } from '../vocabulary/vocabulary.ts'

/** ActiveCampaign: contacts exported as CSV. */
export const activecampaign: Layout = {
  tool: 'ActiveCampaign',
  marks: ['Customer Account, Tags', 'Contact ID, Unsubscribe Date', 'Contact ID, Email Bounced'],
  columns: {
    company: 'Customer Account, Account, Organization',
    'status:email': 'Status',
    'opt_out_time:email': 'Unsubscribe Date, Unsubscribe Reason',
    'opt_out:email': 'Email Bounced',
    first_seen: 'Date Created',
    'external_id:activecampaign': 'Contact ID, ID',
    attribute: 'IP Address, Job Title, Subscribe Date, Score',
  },
}
