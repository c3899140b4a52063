import type { Layout } from '../vocabulary/vocabulary.ts'

/** listmonk: subscribers exported as CSV, and subscribers of its API. */
export const listmonk: Layout = {
  tool: 'listmonk',
  marks: [
    'uuid, email, attributes',
    'uuid, attribs',
    'email, name, attributes',
    'email, name, attributes, status',
    'uuid, subscription_status',
  ],
  columns: {
    display_name: 'name',
    custom_attributes: 'attributes, attribs',
    'status:email': 'status, subscription_status',
    tags: 'lists, tags',
    first_seen: 'created_at',
    'external_id:listmonk': 'uuid',
    attribute: 'id, updated_at',
  },
}
