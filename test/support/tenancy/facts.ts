import type { Node, RangeVar } from 'libpg-query'

/** The column by which a table is distributed. */
export const tenantColumn = 'organization_id'

/** Tables that belong to no tenant; every other one, those of the future included, does. */
const shared = new Set(['organizations', 'rate_limits', '_prisma_migrations'])

/** The name of a tenant's table; null where it is none. */
export function tenantTable({ schemaname, relname = '' }: RangeVar): string | null {
  const isOurs = schemaname === undefined || schemaname === 'public'
  return isOurs && !shared.has(relname) && !relname.startsWith('pg_') ? relname : null
}

/** Something that a query reads from. */
export class Relation {
  readonly alias: string
  /** The tenant's table that it is; null for anything else. */
  readonly table: string | null
  /** Columns that are known to be of one tenant. */
  readonly known: Set<string>
  /** The names that the query gives to its columns; null where it gives none. */
  readonly columns: readonly string[] | null

  constructor(alias: string, table: string | null, known: Set<string>, columns: readonly string[] | null = null) {
    this.alias = alias
    this.table = table
    this.known = known
    this.columns = columns
  }

  /** A table, or a common table expression that goes by the name of one. */
  static of(range: RangeVar | undefined, scope: Scope): Relation {
    const { relname = '', alias, schemaname } = range ?? {}
    const name = alias?.aliasname ?? relname
    // A name with a schema is never that of a common table expression.
    for (let around = schemaname === undefined ? scope : null; around !== null; around = around.outer) {
      const cte = around.ctes.get(relname)
      if (cte !== undefined) return new Relation(name, null, new Set(cte))
    }
    return new Relation(name, tenantTable(range ?? {}), new Set())
  }
}

/** What can be named at some place in a query. */
export interface Scope {
  readonly relations: readonly Relation[]
  /** Common table expressions by their names, each with its columns that are known to be of one tenant. */
  readonly ctes: ReadonlyMap<string, ReadonlySet<string>>
  readonly outer: Scope | null
}

/** A column, a value that the statement brings along, or anything else. */
export type Column = { readonly relation: Relation; readonly name: string } | 'value' | null

/** Whether it is one tenant's, and of which is said by the statement. */
export function isKnown(column: Column): boolean {
  return column === 'value' || (column !== null && column.relation.known.has(column.name))
}

/** What an expression stands for. */
export function columnOf(node: Node | undefined, scope: Scope): Column {
  if (node === undefined) return null
  if ('ParamRef' in node || 'A_Const' in node) return 'value'
  if ('TypeCast' in node) return columnOf(node.TypeCast.arg, scope)
  if ('CollateClause' in node) return columnOf(node.CollateClause.arg, scope)
  if (!('ColumnRef' in node)) return null
  const names = (node.ColumnRef.fields ?? []).flatMap((field) => ('String' in field ? [field.String.sval ?? ''] : []))
  const [name, alias] = names.toReversed()
  if (name === undefined) return null
  for (let around: Scope | null = scope; around !== null; around = around.outer) {
    const found = around.relations.find((relation) => (alias === undefined ? has(relation, name) : relation.alias === alias))
    if (found !== undefined) return { relation: found, name }
  }
  return null
}

/** Whether a column that is named without its table can be of this one. Were there two, PostgreSQL would not know either. */
function has(relation: Relation, name: string): boolean {
  return relation.known.has(name) || (relation.table !== null && name === tenantColumn)
}

/** What the conditions of a query say about its relations. */
export class Facts {
  readonly #scope: Scope
  /** Whether nothing is learnt from the queries around. */
  readonly #isAlone: boolean
  readonly #equalities: { readonly sides: readonly [Column, Column]; readonly bound: readonly Relation[] }[] = []

  constructor(scope: Scope, isAlone: boolean) {
    this.#scope = scope
    this.#isAlone = isAlone
  }

  /** Takes in a condition. @param bound those of which nothing is read that does not fulfil it */
  learn(condition: Node | undefined, bound: readonly Relation[]): void {
    if (condition === undefined) return
    if ('BoolExpr' in condition) {
      if (condition.BoolExpr.boolop === 'AND_EXPR') for (const part of condition.BoolExpr.args ?? []) this.learn(part, bound)
      return
    }
    if (!('A_Expr' in condition) || condition.A_Expr.kind !== 'AEXPR_OP') return
    const { name: [operator] = [], lexpr, rexpr } = condition.A_Expr
    if (operator === undefined || !('String' in operator) || operator.String.sval !== '=') return
    for (const [left, right] of pairsOf(lexpr, rexpr))
      this.#equalities.push({ sides: [columnOf(left, this.#scope), columnOf(right, this.#scope)], bound })
  }

  /** Takes in that a column is the same on both sides of a join. */
  same(name: string, left: readonly Relation[], right: readonly Relation[], bound: readonly Relation[]): void {
    for (const one of left)
      for (const other of right)
        this.#equalities.push({
          sides: [
            { relation: one, name },
            { relation: other, name },
          ],
          bound,
        })
  }

  #teaches(column: Column): boolean {
    if (!isKnown(column) || column === null) return false
    return column === 'value' || !this.#isAlone || this.#scope.relations.includes(column.relation)
  }

  /** Draws all conclusions that there are. */
  conclude(): void {
    for (let learned = true; learned;) {
      learned = false
      for (const { sides, bound } of this.#equalities) {
        for (const [known, other] of [sides, sides.toReversed()]) {
          if (other === null || other === undefined || other === 'value' || isKnown(other) || !this.#teaches(known ?? null)) continue
          if (!bound.includes(other.relation)) continue
          other.relation.known.add(other.name)
          learned = true
        }
      }
    }
  }
}

/** Two rows are equal where each of their columns is. */
function pairsOf(left: Node | undefined, right: Node | undefined): (readonly [Node | undefined, Node | undefined])[] {
  if (left === undefined || right === undefined || !('RowExpr' in left) || !('RowExpr' in right)) return [[left, right]]
  const others = right.RowExpr.args ?? []
  return (left.RowExpr.args ?? []).map((one, index) => [one, others[index]] as const)
}
