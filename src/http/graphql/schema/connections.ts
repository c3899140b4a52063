import type { OutputType } from '@pothos/core'
import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { InvalidInput } from '../../../kernel/errors.ts'
import { decodeCursor, encodeCursor, type List, type Page, type PageRequest, parsePageSize, type Position } from '../../../kernel/page.ts'
import { builder, type GraphQLContext } from './builder.ts'

/** The arguments of every connection, after Relay's convention. */
export interface ConnectionArguments {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  readonly last?: number | null | undefined
  readonly before?: string | null | undefined
}

/** Where a field stands in its operation, and what is selected of it. */
export type Selection = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>

/**
 * Which page the arguments ask for. The total is only counted, and a row beyond the page only read, if the query selects the fields that need them.
 * @throws InvalidInput, InvalidCursor
 */
export function pageRequest(list: List, args: ConnectionArguments, info: Selection): PageRequest {
  return requestedPage(list, args, {
    total: selects(info, 'totalCount'),
    more: selects(info, 'pageInfo'),
    eventId: selects(info, 'eventId'),
  })
}

/** What is selected of a connection besides its items. */
export type PageWants = Required<Pick<PageRequest, 'total' | 'more'>> & Pick<PageRequest, 'eventId'>

/** The page that the arguments ask for. @throws InvalidInput, InvalidCursor */
export function requestedPage(list: List, args: ConnectionArguments, wants: PageWants): PageRequest {
  const backward = isGiven(args.last) || isGiven(args.before)
  if (backward && (isGiven(args.first) || isGiven(args.after))) {
    throw new InvalidInput('A page is taken either forward, by first and after, or backward, by last and before.', {
      field: isGiven(args.last) ? 'last' : 'before',
      expected: 'first and after, or last and before',
    })
  }
  const cursor = backward ? args.before : args.after
  return {
    limit: backward ? parsePageSize(args.last, 'last') : parsePageSize(args.first, 'first'),
    direction: backward ? 'backward' : 'forward',
    from: isGiven(cursor) ? decodeCursor(list, cursor) : null,
    ...wants,
  }
}

type AnyType = OutputType<typeof builder.$inferSchemaTypes>

/** The types of a connection and of its edges. @param name without `Connection` and `Edge` */
export function connectionTypes<Type extends AnyType>(
  type: Type,
  name: string,
  descriptions: { readonly page: string; readonly edge: string },
) {
  const Edge = builder.edgeObject({ type, name: `${name}Edge`, description: descriptions.edge })
  const Connection = builder.connectionObject({ type, name: `${name}Connection`, description: descriptions.page }, Edge)
  return { Connection, Edge }
}

interface Paging<Parent, Item> {
  /** The list that the pages and cursors belong to. */
  list(this: void, parent: Parent, context: GraphQLContext): List
  position(this: void, item: NoInfer<Item>): Position
}

interface Reading<Parent, Item> extends Paging<Parent, Item> {
  read(this: void, parent: Parent, context: GraphQLContext, page: PageRequest): Promise<Page<Item>>
}

interface FilteredReading<Parent, Args, Item> extends Paging<Parent, Item> {
  read(this: void, parent: Parent, args: Args, context: GraphQLContext, page: PageRequest): Promise<Page<Item>>
}

/** The resolver of a connection: reads the page that the arguments ask for. */
export function resolvePage<Parent, Item>({ read, ...paging }: Reading<Parent, Item>) {
  return resolveFilteredPage<Parent, ConnectionArguments, Item>({
    ...paging,
    read: (parent, _args, context, page) => read(parent, context, page),
  })
}

/** The same for a connection that has arguments of its own. */
export function resolveFilteredPage<Parent, Args extends ConnectionArguments, Item>(reading: FilteredReading<Parent, Args, Item>) {
  return async (parent: Parent, args: Args, context: GraphQLContext, info: GraphQLResolveInfo) => {
    const list = reading.list(parent, context)
    return connectionOf(await reading.read(parent, args, context, pageRequest(list, args, info)), list, reading.position)
  }
}

/** A page of the domain as a Relay connection. */
export function connectionOf<Item>(page: Page<Item>, list: List, position: (item: Item) => Position) {
  const edges = page.items.map((node) => new Edge(node, list, position))
  return { edges, pageInfo: new PageInfo(page, edges), totalCount: page.total, eventId: page.eventId ?? null }
}

/** An item of the domain as the edge of a connection, such as one that was just created. */
export function edgeOf<Item>(item: Item, list: List, position: (item: Item) => Position): { readonly cursor: string; readonly node: Item } {
  return new Edge(item, list, position)
}

/**
 * Whether there is more than a page, and where. A class, and no object with getters of its own: of those each has a shape of its own, which outlives the
 * request, and with it all that the getters can see.
 */
class PageInfo {
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly #edges: readonly { readonly cursor: string }[]

  constructor({ hasNext, hasPrevious }: Page<unknown>, edges: readonly { readonly cursor: string }[]) {
    this.hasNextPage = hasNext
    this.hasPreviousPage = hasPrevious
    this.#edges = edges
  }

  get startCursor(): string | null {
    return this.#edges[0]?.cursor ?? null
  }

  get endCursor(): string | null {
    return this.#edges.at(-1)?.cursor ?? null
  }
}

/** An item and its position. The cursor is encoded when it is selected: most operations select the items alone. */
class Edge<Item> {
  readonly node: Item
  readonly #list: List
  readonly #position: (item: Item) => Position

  constructor(node: Item, list: List, position: (item: Item) => Position) {
    this.node = node
    this.#list = list
    this.#position = position
  }

  get cursor(): string {
    return encodeCursor(this.#list, this.#position(this.node))
  }
}

/** Whether the query selects a field of the object that is being resolved, through fragments too. */
function selects(info: Selection, name: string): boolean {
  const inSet = (set: SelectionSetNode | undefined): boolean =>
    set?.selections.some((selection) => isIncluded(selection, info.variableValues) && isSelected(selection)) ?? false
  const isSelected = (selection: SelectionNode): boolean => {
    if (selection.kind === Kind.FIELD) return selection.name.value === name
    if (selection.kind === Kind.INLINE_FRAGMENT) return inSet(selection.selectionSet)
    return inSet(info.fragments[selection.name.value]?.selectionSet)
  }
  return info.fieldNodes.some((node) => inSet(node.selectionSet))
}

/** Whether a selection is not left out by `@include` or `@skip`. */
export function isIncluded(selection: SelectionNode, variables: Readonly<Record<string, unknown>>): boolean {
  if (selection.directives === undefined || selection.directives.length === 0) return true
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, variables)
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, variables)
  return skip?.['if'] !== true && include?.['if'] !== false
}

function isGiven<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined
}
