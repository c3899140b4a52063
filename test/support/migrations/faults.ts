import { type AlterTableCmd, type Constraint, type Node, parseSync } from 'libpg-query'
import { partsWithin } from '../tenancy/strangers.ts'

export interface Migration {
  readonly name: string
  readonly sql: string
}

/** Written before a statement that is intended; the reason follows in the same line. */
const accepted = /^-- Accepted: .{10,}$/m

/** The first words of a file that writes rows in transactions of its own. */
const inBatches = /^-- In batches: .{10,}/

/** From this migration on, each locks at most one table that was there before. */
const oneTableFrom = '20261130100000'

/** What a migration may do to a table that is there, because it takes no longer however many rows there are. */
const quick = [
  'AT_AddColumn',
  'AT_AddConstraint',
  'AT_ValidateConstraint',
  'AT_DropConstraint',
  'AT_ColumnDefault',
  'AT_DropNotNull',
  'AT_SetNotNull',
  'AT_SetStatistics',
  'AT_SetRelOptions',
  'AT_ReplicaIdentity',
]

/** Statements that make something new, or look at nothing that is there. */
const harmless = ['CreateEnumStmt', 'AlterEnumStmt', 'CreateFunctionStmt', 'CreateTrigStmt', 'CreateExtensionStmt', 'CommentStmt']

/** Functions that a new column may have as its default: the database asks them once for all rows that are there. */
const stable = ['now', 'current_timestamp', 'transaction_timestamp', 'statement_timestamp']

/**
 * What in a migration would keep others from a busy table, or would take from the processes of the release before something that they
 * still use. A statement behind a line `-- Accepted:` and a reason is let pass.
 * @param earlier the migrations before it, the first ones included
 */
export function faultsOf({ name, sql }: Migration, earlier: readonly Migration[]): string[] {
  const statements = statementsOf(sql)
  const before = new Known(earlier)
  const made = new Set(statements.flatMap(({ node }) => ('CreateStmt' in node ? [node.CreateStmt.relation?.relname ?? ''] : [])))
  const faults = statements.flatMap(({ node, text }) => (accepted.test(text) ? [] : faultsOfStatement(node, made, before)))
  if (statements.length > 1 && statements.some(({ node }) => isConcurrent(node)))
    faults.push('A statement that says CONCURRENTLY cannot be in a transaction: it needs a file of its own.')
  if (statements.some(({ node }) => 'DoStmt' in node) && (statements.length > 1 || !inBatches.test(sql)))
    faults.push('A DO block is for rows in batches: alone in its file, which begins with "-- In batches: " and how.')
  const locked = lockedTables(
    statements.map(({ node }) => node),
    made,
  )
  if (locked.length > 0 && statements.some(({ node }) => writesRows(node)))
    faults.push(`Rows are written while ${locked.join(' and ')} is locked: write them in a file of their own.`)
  if (locked.length > 1 && name > oneTableFrom)
    faults.push(`${locked.join(' and ')} are locked together, so that one may wait for the other while it keeps its own: a file for each.`)
  return faults.map((fault) => `${name}: ${fault}`)
}

function faultsOfStatement(node: Node, made: ReadonlySet<string>, before: Known): string[] {
  if ('CreateStmt' in node) {
    if (!partsWithin(node, 'contype').includes('CONSTR_FOREIGN')) return []
    return [
      `${node.CreateStmt.relation?.relname} is created with a reference, and Citus distributes a table before it has any: add the reference afterwards.`,
    ]
  }
  if ('DoStmt' in node || harmless.some((kind) => kind in node) || isConcurrent(node)) return []
  if ('IndexStmt' in node) {
    const table = node.IndexStmt.relation?.relname ?? ''
    if (made.has(table)) return []
    return [
      `The index ${node.IndexStmt.idxname} is built while writes to ${table} are blocked: CREATE INDEX CONCURRENTLY, in a file of its own.`,
    ]
  }
  if ('AlterTableStmt' in node) {
    const table = node.AlterTableStmt.relation?.relname ?? ''
    if (made.has(table)) return []
    return (node.AlterTableStmt.cmds ?? []).flatMap((cmd) =>
      'AlterTableCmd' in cmd ? faultsOfChange(table, cmd.AlterTableCmd, before) : [],
    )
  }
  if ('RenameStmt' in node)
    return [
      `${node.RenameStmt.relation?.relname ?? 'Something'} is renamed, and old processes call it by its old name: add, copy, and drop in a later release.`,
    ]
  if ('DropStmt' in node) return ['Something is dropped that old processes may use: they have to end first. State the reason.']
  if (writesRows(node))
    return ['Rows are written in the transaction of the migration, which keeps them locked to its end: do it afterwards, in batches.']
  return [`${Object.keys(node).join()} is not known to be quick.`]
}

function writesRows(node: Node): boolean {
  return 'UpdateStmt' in node || 'DeleteStmt' in node || 'InsertStmt' in node
}

/** The tables that were there before and that others have to wait for until the file has been executed. @param made those that it makes itself */
function lockedTables(nodes: readonly Node[], made: ReadonlySet<string>): string[] {
  const tables = nodes.flatMap((node) => {
    if ('CreateTrigStmt' in node) return [node.CreateTrigStmt.relation?.relname]
    if ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_TRIGGER') return namesOfDropped(node.DropStmt.objects).slice(-2, -1)
    if (!('AlterTableStmt' in node)) return []
    const table = node.AlterTableStmt.relation?.relname
    // A reference between two tables that were there cannot be added without both.
    if (table !== undefined && !made.has(table)) return [table]
    return (node.AlterTableStmt.cmds ?? []).flatMap((cmd) => {
      const def = 'AlterTableCmd' in cmd ? cmd.AlterTableCmd.def : undefined
      return def !== undefined && 'Constraint' in def ? [def.Constraint.pktable?.relname] : []
    })
  })
  return [...new Set(tables)].filter((table) => table !== undefined).filter((table) => !made.has(table))
}

function namesOfDropped(objects: readonly Node[] | undefined): string[] {
  return (objects ?? []).flatMap((object) =>
    'List' in object ? (object.List.items ?? []).flatMap((item) => ('String' in item ? [item.String.sval ?? ''] : [])) : [],
  )
}

function faultsOfChange(table: string, { subtype = 'AT_AddColumn', name = '', def }: AlterTableCmd, before: Known): string[] {
  if (subtype === 'AT_DropColumn')
    return [`${table}.${name} is dropped, and old processes still read it: drop it in a later release, and say so.`]
  if (subtype === 'AT_AlterColumnType')
    return [`The type of ${table}.${name} changes, which rewrites the table: add a column, copy, and drop in a later release.`]
  if (!quick.includes(subtype)) return [`${subtype} of ${table} is not known to be quick.`]
  if (subtype === 'AT_AddConstraint' && def !== undefined && 'Constraint' in def) return faultsOfConstraint(table, def.Constraint)
  if (subtype === 'AT_ValidateConstraint' && !before.constraints.has(`${table}.${name}`))
    return [
      `${table}.${name} is validated in the migration that adds it, which keeps the table locked meanwhile: validate in a later file.`,
    ]
  if (subtype === 'AT_SetNotNull' && !before.neverNull.has(`${table}.${name}`))
    return [
      `${table}.${name} becomes NOT NULL, which looks at every row: first a CHECK (… IS NOT NULL) NOT VALID, validated in a later file.`,
    ]
  if (subtype === 'AT_AddColumn' && def !== undefined && 'ColumnDef' in def) {
    const constraints = (def.ColumnDef.constraints ?? []).flatMap((one) => ('Constraint' in one ? [one.Constraint] : []))
    return faultsOfColumn(`${table}.${def.ColumnDef.colname}`, constraints)
  }
  return []
}

function faultsOfConstraint(table: string, { contype, conname, skip_validation: unchecked, indexname }: Constraint): string[] {
  if (indexname !== undefined || unchecked === true) return []
  const isKey = contype === 'CONSTR_UNIQUE' || contype === 'CONSTR_PRIMARY'
  return [
    isKey
      ? `${conname} builds an index while writes to ${table} are blocked: build it CONCURRENTLY, and then ADD CONSTRAINT … USING INDEX.`
      : `${conname} looks at every row of ${table}: add it NOT VALID, and validate it in a later file.`,
  ]
}

function faultsOfColumn(column: string, constraints: readonly Constraint[]): string[] {
  const types = constraints.map(({ contype }) => contype)
  const fallback = constraints.find(({ contype }) => contype === 'CONSTR_DEFAULT')?.raw_expr
  const costly = types.filter((type) => !['CONSTR_DEFAULT', 'CONSTR_NOTNULL', 'CONSTR_NULL'].includes(type ?? ''))
  return [
    ...(types.includes('CONSTR_NOTNULL') && fallback === undefined
      ? [`${column} is NOT NULL and has no default: old processes, which do not know it, could not insert.`]
      : []),
    ...(functionsIn(fallback).every((name) => stable.includes(name))
      ? []
      : [`The default of ${column} is another for each row, so the table is rewritten.`]),
    ...(costly.length > 0 ? [`${column} comes with ${costly.join(', ')}, which looks at every row: add the column first.`] : []),
  ]
}

/** What earlier migrations have brought about. */
class Known {
  /** Constraints, as `table.name`. */
  readonly constraints = new Set<string>()
  /** Columns of which a validated check says that they are never null, as `table.column`. */
  readonly neverNull = new Set<string>()

  constructor(earlier: readonly Migration[]) {
    const columns = new Map<string, string>()
    for (const { node } of earlier.flatMap(({ sql }) => statementsOf(sql))) {
      if (!('AlterTableStmt' in node)) continue
      const table = node.AlterTableStmt.relation?.relname ?? ''
      for (const cmd of node.AlterTableStmt.cmds ?? []) {
        if (!('AlterTableCmd' in cmd)) continue
        const { subtype, def, name = '' } = cmd.AlterTableCmd
        if (subtype === 'AT_AddConstraint' && def !== undefined && 'Constraint' in def) {
          const { conname = '', raw_expr: check } = def.Constraint
          this.constraints.add(`${table}.${conname}`)
          if (check !== undefined && 'NullTest' in check && check.NullTest.nulltesttype === 'IS_NOT_NULL') {
            const column = namesIn(check.NullTest.arg).at(-1)
            if (column !== undefined) columns.set(`${table}.${conname}`, `${table}.${column}`)
          }
        }
        const column = columns.get(`${table}.${name}`)
        if (subtype === 'AT_ValidateConstraint' && column !== undefined) this.neverNull.add(column)
      }
    }
  }
}

/** The statements of a file, each with the comments before it. */
function statementsOf(sql: string): { node: Node; text: string }[] {
  const bytes = Buffer.from(sql)
  let from = 0
  return (parseSync(sql).stmts ?? []).flatMap(({ stmt, stmt_location: at = 0, stmt_len: length }) => {
    const to = length === undefined ? bytes.length : at + length
    const text = bytes.subarray(from, to).toString()
    from = to
    return stmt === undefined ? [] : [{ node: stmt, text }]
  })
}

function isConcurrent(node: Node): boolean {
  return ('IndexStmt' in node && node.IndexStmt.concurrent === true) || ('DropStmt' in node && node.DropStmt.concurrent === true)
}

function namesIn(node: Node | undefined): string[] {
  if (node === undefined || !('ColumnRef' in node)) return []
  return (node.ColumnRef.fields ?? []).flatMap((field) => ('String' in field ? [field.String.sval ?? ''] : []))
}

/** The names of all functions that an expression asks. */
function functionsIn(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return []
  if ('FuncCall' in part) {
    // proof: the parser gives calls under this name, with the parts of the function's name as strings
    const { funcname = [] } = part.FuncCall as { readonly funcname?: readonly { readonly String?: { readonly sval?: string } }[] }
    return [funcname.at(-1)?.String?.sval ?? '', ...functionsIn(Object.values(part.FuncCall ?? {}))]
  }
  return Object.values(part).flatMap(functionsIn)
}
