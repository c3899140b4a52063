/** The texts of the list of duplicates. */
export const duplicatesText = {
  heading: 'Duplicates',
  open: 'Duplicates',
  meaning: 'Contacts that may be one person. A merge has a preview, and can be taken back for 30 days.',
  minScore: 'Alike at least',
  percent: (score: number) => `${Math.round(score * 100)} %`,
  columns: ['Stays', 'Name', 'Email', 'Phone', 'Company', 'Created'],
  stays: (name: string) => `${name} stays`,
  merge: 'Merge…',
  different: 'Different people',
  empty: 'No contacts are that much alike.',
  end: 'These are all.',
  loading: 'Loading more',
}
