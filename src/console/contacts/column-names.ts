export const fieldColumns = ['email', 'phone', 'company', 'country', 'language', 'stage', 'tags', 'source', 'created', 'last'] as const
export type FieldColumn = (typeof fieldColumns)[number]

/** A field of the contact, or the attribute of a key. */
export type ColumnName = FieldColumn | `attribute:${string}`

const usual: readonly ColumnName[] = ['email', 'phone', 'stage', 'tags', 'last']
const storageKey = 'contact-gateway-columns'

/** The columns that this browser shows, which local storage remembers. */
export function storedColumns(): readonly ColumnName[] {
  const stored = localStorage.getItem(storageKey)
  if (stored === null) return usual
  try {
    const names: unknown = JSON.parse(stored)
    return Array.isArray(names) ? names.filter(isColumn) : usual
  } catch {
    return usual
  }
}

export function storeColumns(columns: readonly ColumnName[]): void {
  localStorage.setItem(storageKey, JSON.stringify(columns))
}

function isColumn(name: unknown): name is ColumnName {
  return typeof name === 'string' && (isField(name) || name.startsWith('attribute:'))
}

export function isField(name: string): name is FieldColumn {
  return fieldColumns.some((field) => field === name)
}

/** The key of the attribute that a column shows; null for a field. */
export function attributeKey(name: ColumnName): string | null {
  return isField(name) ? null : name.slice('attribute:'.length)
}
