/** The choices of a select, by the names that people read. */
export function Options<Name extends string>({
  names,
  label,
}: {
  readonly names: readonly Name[]
  readonly label: (name: Name) => string
}) {
  return names.map((name) => (
    <option key={name} value={name}>
      {label(name)}
    </option>
  ))
}
