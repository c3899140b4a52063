interface SegmentsProps<Option extends string> {
  readonly label: string
  readonly options: readonly Option[]
  readonly value: Option
  readonly name: (option: Option) => string
  readonly onChange: (option: Option) => void
}

/** One of a few options, all of them in sight. */
export function Segments<Option extends string>({ label, options, value, name, onChange }: SegmentsProps<Option>) {
  return (
    <div className="segments" role="group" aria-label={label}>
      {options.map((option) => (
        <button key={option} type="button" aria-pressed={option === value} onClick={() => onChange(option)}>
          {name(option)}
        </button>
      ))}
    </div>
  )
}
