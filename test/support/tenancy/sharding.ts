/** What a sharded database (Citus 13) would refuse, or answer wrongly; null for any other statement. */
export function shardingFault(text: string): string | null {
  // Up to the end of what is returned: what other parts of the statement cast is of no account.
  if (/\breturning\b(?:(?!\b(?:select|from|insert|update|delete)\b)[^;)])*::text\b/i.test(text))
    return `Citus does not return what it casts from an enumeration: ${text}`
  if (/\bpg_current_snapshot\(\)/i.test(text) && /[,\s]"?(?:changes|contacts|messages)"?\s/i.test(text))
    return `On Citus this is the snapshot of the node where the rows are, not of the one that numbers transactions: ${text}`
  return null
}
