/** The groups of the reference, in their order. */
export const tags: readonly { readonly name: string; readonly description: string }[] = [
  { name: 'Contacts', description: 'List, create, change and delete contacts.' },
  { name: 'Notes', description: 'Notes about a contact.' },
  { name: 'History', description: 'The timeline and the journey of a contact.' },
  { name: 'Preferences', description: 'Consent by channel and topic, with its ledger.' },
  { name: 'Frequency caps', description: 'How many messages a contact may get, and how many it got.' },
  { name: 'Next best action', description: 'What to do next for a contact, with reasons.' },
  { name: 'Blocking', description: 'Block and unblock contacts.' },
  { name: 'Suppressions', description: 'Addresses to which nothing is sent.' },
  { name: 'Bulk', description: 'One action on many contacts.' },
  { name: 'Imports', description: 'Import, preview, roll back and export.' },
  { name: 'Privacy', description: 'Everything about one person, and erasure.' },
]
