import { type Node, parseSync, type SelectStmt, type WithClause } from 'libpg-query'
import { columnOf, Facts, isKnown, Relation, type Scope, tenantColumn } from './facts.ts'

/**
 * The places in a text of SQL where a tenant's table is reached, and nothing says of which one tenant: no equality of its `organization_id`
 * with a parameter or a constant, and none with a column of which that is known. Each place alone has to say it: every sub-query, common
 * table expression and side of a union, and every side of a join (the condition of an outer join says it of the optional side only).
 * A statement that a tenant-sharded PostgreSQL sends to one shard has none.
 */
export function strangersIn(sql: string): string[] {
  return strangersOf((parseSync(sql).stmts ?? []).flatMap(({ stmt }) => (stmt === undefined ? [] : [stmt])))
}

/**
 * The same of statements that were parsed.
 * @param isCorrelated whether a sub-query has to say it itself, and does not learn it from a row of the query around it
 */
export function strangersOf(statements: readonly Node[], { isCorrelated = false } = {}): string[] {
  // A migration changes what there is of every tenant.
  if (statements.some(changesSchema)) return []
  const reader = new Reader(isCorrelated)
  for (const statement of statements) reader.read(statement, { relations: [], ctes: new Map(), outer: null })
  return reader.strangers
}

function changesSchema(statement: Node): boolean {
  return ['CreateStmt', 'AlterTableStmt', 'IndexStmt', 'DropStmt'].some((kind) => kind in statement)
}

/** What a query answers with: the names of its columns, in their order, and whether each is known to be of one tenant. */
type Output = readonly { readonly name: string; readonly known: boolean }[]

class Reader {
  readonly strangers: string[] = []
  readonly #isCorrelated: boolean

  constructor(isCorrelated: boolean) {
    this.#isCorrelated = isCorrelated
  }

  read(node: Node, outer: Scope): Output {
    if ('SelectStmt' in node) return this.#select(node.SelectStmt, outer)
    if ('InsertStmt' in node) {
      const { relation, cols = [], selectStmt, onConflictClause, returningClause, withClause } = node.InsertStmt
      const scope = this.#scope(withClause, outer)
      const source = selectStmt === undefined ? [] : this.read(selectStmt, scope)
      const target = Relation.of(relation, scope)
      const at = cols.findIndex((column) => 'ResTarget' in column && column.ResTarget.name === tenantColumn)
      if (source[at]?.known === true) target.known.add(tenantColumn)
      const excluded = new Relation('excluded', null, target.known)
      return this.#finish({ ...scope, relations: [target, excluded] }, [onConflictClause, returningClause], returningClause?.exprs)
    }
    if ('UpdateStmt' in node) {
      const { relation, fromClause = [], whereClause, targetList = [], returningClause, withClause } = node.UpdateStmt
      const scope = this.#from([...(relation ? [{ RangeVar: relation }] : []), ...fromClause], whereClause, this.#scope(withClause, outer))
      const moves = targetList.some((target) => 'ResTarget' in target && target.ResTarget.name === tenantColumn)
      if (moves) this.strangers.push(`${relation?.relname}, whose rows it moves to another tenant`)
      return this.#finish(scope, [whereClause, targetList, returningClause], returningClause?.exprs)
    }
    if ('DeleteStmt' in node) {
      const { relation, usingClause = [], whereClause, returningClause, withClause } = node.DeleteStmt
      const scope = this.#from([...(relation ? [{ RangeVar: relation }] : []), ...usingClause], whereClause, this.#scope(withClause, outer))
      return this.#finish(scope, [whereClause, returningClause], returningClause?.exprs)
    }
    for (const query of queriesWithin(node)) this.read(query, outer)
    return []
  }

  #select(select: SelectStmt, outer: Scope): Output {
    const scope = this.#scope(select.withClause, outer)
    if (select.larg !== undefined && select.rarg !== undefined) {
      const [left, right] = [this.#select(select.larg, scope), this.#select(select.rarg, scope)]
      return left.map(({ name, known }, index) => ({ name, known: known && right[index]?.known === true }))
    }
    const inner = this.#from(select.fromClause ?? [], select.whereClause, scope)
    const { targetList, whereClause, havingClause, groupClause, sortClause, windowClause, limitCount, limitOffset, valuesLists } = select
    const [firstRow] = valuesLists ?? []
    const rest = [targetList, whereClause, havingClause, groupClause, sortClause, windowClause, limitCount, limitOffset, valuesLists]
    const output = this.#finish(inner, rest, targetList)
    if (firstRow === undefined || !('List' in firstRow)) return output
    const rows = (valuesLists ?? []).map((row) => ('List' in row ? (row.List.items ?? []) : []))
    return (firstRow.List.items ?? []).map((_, index) => ({
      name: `column${index + 1}`,
      known: rows.every((row) => isKnown(columnOf(row[index], inner))),
    }))
  }

  /** What a query can name: its common table expressions, and all that is around it. */
  #scope(withClause: WithClause | undefined, outer: Scope): Scope {
    const ctes = new Map<string, ReadonlySet<string>>()
    const scope: Scope = { relations: [], ctes, outer }
    for (const cte of withClause?.ctes ?? []) {
      if (!('CommonTableExpr' in cte)) continue
      const { ctename = '', ctequery, aliascolnames } = cte.CommonTableExpr
      if (ctequery === undefined) continue
      // One that names itself begins with its first side, and knows of the second what it knows of the first.
      if (withClause?.recursive === true && 'SelectStmt' in ctequery && ctequery.SelectStmt.larg !== undefined)
        ctes.set(ctename, knownOf(new Reader(this.#isCorrelated).#select(ctequery.SelectStmt.larg, scope), aliascolnames))
      ctes.set(ctename, knownOf(this.read(ctequery, scope), aliascolnames))
    }
    return scope
  }

  /** Takes in what a query reads from, and finds out of which of it the tenant is known. */
  #from(items: readonly Node[], where: Node | undefined, around: Scope): Scope {
    const scope: Scope & { relations: Relation[] } = { relations: [], ctes: new Map(), outer: around }
    const facts = new Facts(scope, this.#isCorrelated)
    const derived: { relation: Relation; query: Node }[] = []
    const joins: { quals: Node | undefined; using: readonly Node[]; left: Relation[]; right: Relation[]; bound: Relation[] }[] = []
    const take = (item: Node): Relation[] => {
      if ('JoinExpr' in item) {
        const { larg, rarg, quals, usingClause = [], jointype } = item.JoinExpr
        const [left, right] = [larg ? take(larg) : [], rarg ? take(rarg) : []]
        const both = [...left, ...right]
        const bound = { JOIN_INNER: both, JOIN_LEFT: right, JOIN_RIGHT: left }[String(jointype)] ?? []
        joins.push({ quals, using: usingClause, left, right, bound })
        return both
      }
      const relation = relationOf(item, around)
      scope.relations.push(relation)
      if ('RangeSubselect' in item && item.RangeSubselect.subquery) derived.push({ relation, query: item.RangeSubselect.subquery })
      if ('RangeFunction' in item) this.#within([item], scope)
      return [relation]
    }
    for (const item of items) take(item)
    for (const { quals, using, left, right, bound } of joins) {
      facts.learn(quals, bound)
      for (const column of using) if ('String' in column) facts.same(column.String.sval ?? '', left, right, bound)
      this.#within([quals], scope)
    }
    facts.learn(where, scope.relations)
    facts.conclude()
    for (const { relation, query } of derived) {
      for (const column of knownOf(this.read(query, scope), relation.columns)) relation.known.add(column)
      facts.conclude()
    }
    return scope
  }

  /** Complains of what is still not known, looks into sub-queries, and returns what is answered. */
  #finish(scope: Scope, parts: readonly unknown[], targets: readonly Node[] = []): Output {
    for (const relation of scope.relations) {
      if (relation.table === null || relation.known.has(tenantColumn)) continue
      this.strangers.push(relation.alias === relation.table ? relation.table : `${relation.table} as ${relation.alias}`)
    }
    this.#within(parts, scope)
    return targets.flatMap((target) => ('ResTarget' in target ? outputOf(target.ResTarget, scope) : []))
  }

  #within(parts: readonly unknown[], scope: Scope): void {
    for (const part of parts) for (const query of queriesWithin(part)) this.read(query, scope)
  }
}

/** The outermost queries within some part of a statement. */
function queriesWithin(part: unknown): Node[] {
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([kind, inner]: [string, unknown]) => {
    // proof: the parser gives statements under the names of their kinds, and nothing else
    if (['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt'].includes(kind)) return [{ [kind]: inner } as unknown as Node]
    return queriesWithin(inner)
  })
}

/** Everything of a kind within some part of a statement, however deep. */
export function partsWithin(part: unknown, kind: string): unknown[] {
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([key, inner]: [string, unknown]) => [...(key === kind ? [inner] : []), ...partsWithin(inner, kind)])
}

function relationOf(item: Node, scope: Scope): Relation {
  if ('RangeVar' in item) return Relation.of(item.RangeVar, scope)
  const alias = 'RangeSubselect' in item ? item.RangeSubselect.alias : 'RangeFunction' in item ? item.RangeFunction.alias : undefined
  const columns = alias?.colnames?.map((name) => ('String' in name ? (name.String.sval ?? '') : ''))
  return new Relation(alias?.aliasname ?? '', null, new Set(), columns ?? null)
}

/** The names of the columns that are known, where others may have been given to them. */
function knownOf(output: Output, names: readonly (Node | string)[] | null | undefined): Set<string> {
  const renamed = (names ?? []).map((name) => (typeof name === 'string' ? name : 'String' in name ? name.String.sval : undefined))
  return new Set(output.flatMap(({ name, known }, index) => (known ? [renamed[index] ?? name] : [])))
}

function outputOf({ name, val }: { readonly name?: string; readonly val?: Node }, scope: Scope): { name: string; known: boolean }[] {
  if (val !== undefined && 'ColumnRef' in val) {
    const fields = val.ColumnRef.fields ?? []
    const last = fields.at(-1)
    if (last !== undefined && 'A_Star' in last) {
      const [of] = fields.length > 1 ? fields.slice(-2) : []
      const alias = of !== undefined && 'String' in of ? of.String.sval : undefined
      const all = scope.relations.filter((relation) => alias === undefined || relation.alias === alias)
      return all.flatMap(({ known }) => [...known].map((column) => ({ name: column, known: true })))
    }
    if (last !== undefined && 'String' in last) return [{ name: name ?? last.String.sval ?? '', known: isKnown(columnOf(val, scope)) }]
  }
  return [{ name: name ?? '', known: isKnown(columnOf(val, scope)) }]
}
