import type { ReactNode } from 'react'

interface TableProps {
  readonly columns: readonly string[]
  readonly caption?: string
  readonly className?: string
  /** The rows. */
  readonly children: ReactNode
}

/** A table with headings, which scrolls sideways where it is wider than its place. */
export function Table({ columns, caption, className, children }: TableProps) {
  return (
    <div className="scroll" tabIndex={0}>
      <table className={className}>
        {caption !== undefined && <caption>{caption}</caption>}
        <TableHead columns={columns} />
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}

export function TableHead({ columns }: Pick<TableProps, 'columns'>) {
  return (
    <thead>
      <tr>
        {columns.map((label) => (
          <th key={label} scope="col">
            {label}
          </th>
        ))}
      </tr>
    </thead>
  )
}
