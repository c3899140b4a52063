import {
  type FieldNode,
  type GraphQLField,
  type GraphQLInterfaceType,
  GraphQLBoolean,
  GraphQLID,
  GraphQLInt,
  type GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLString,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import type { TextField, TextList, TextType } from '../../../data/sql/json-projection.ts'
import { columnOf, type Document, selected } from './serializer.ts'

/** A field that holds a column, as the database is to write it; null for any other. */
export function textField(type: GraphQLObjectType, key: string, [node]: readonly FieldNode[]): TextField | null {
  if (node?.name.value === '__typename') return { key, constant: JSON.stringify(type.name) }
  const field = type.getFields()[node?.name.value ?? '']
  if (field === undefined) return null
  const [column, as] = [columnOf(field), textType(field.type)]
  return column === null || as === null ? null : { key, column, as, isNullable: !isNonNullType(field.type) }
}

/** A list of a contact that is read from its beginning, and of whose page nothing but the items is selected; null for any other. */
export function textList(
  field: GraphQLField<unknown, unknown>,
  key: string,
  nodes: readonly FieldNode[],
  document: Document,
): TextList | null {
  const isFromTheEnd = nodes.some(({ arguments: given }) => given?.some(({ name }) => name.value === 'last' || name.value === 'before'))
  const type = bare(field.type)
  if (isFromTheEnd || !isObjectType(type)) return null
  if (field.name === 'preferences') {
    const item = itemText(type, nodes, document)
    return item && { key, list: 'preferences', before: '[', after: ']', item }
  }
  const [first, ...others] = selected(type, setsOf(nodes), document)
  if (first === undefined || others.length > 0) return null
  const [nodesKey, items] = first
  const ofItems = bare(type.getFields()['nodes']?.type)
  if (items[0]?.name.value !== 'nodes' || ofItems === null) return null
  const around = { key, before: `{${JSON.stringify(nodesKey)}:[`, after: ']}' }
  if (field.name === 'notes' && isObjectType(ofItems)) {
    const item = itemText(ofItems, items, document)
    return item && { ...around, list: 'notes', item }
  }
  if (field.name !== 'timeline' || !isInterfaceType(ofItems)) return null
  const ofKind = (name: string) => kindText(ofItems, name, items, document)
  const [message, call, ticket, event] = [ofKind('Message'), ofKind('Call'), ofKind('Ticket'), ofKind('Event')]
  return message && call && ticket && event && { ...around, list: 'timeline', item: { message, call, ticket, event } }
}

function kindText(type: GraphQLInterfaceType, name: string, nodes: readonly FieldNode[], document: Document): TextField[] | null {
  const kind = document.schema.getPossibleTypes(type).find((possible) => possible.name === name)
  return kind === undefined ? null : itemText(kind, nodes, document)
}

function itemText(type: GraphQLObjectType, nodes: readonly FieldNode[], document: Document): TextField[] | null {
  const fields: TextField[] = []
  for (const [key, sameKey] of selected(type, setsOf(nodes), document)) {
    const field = textField(type, key, sameKey)
    if (field === null) return null
    fields.push(field)
  }
  return fields
}

function setsOf(nodes: readonly FieldNode[]) {
  return nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
}

/** How a column of a type is written; null where the database would write it in another way than the executor, or it does not stand on its own. */
function textType(type: GraphQLOutputType): TextType | null {
  if (isNonNullType(type)) return textType(type.ofType)
  if (isListType(type)) return bare(type) === GraphQLString ? 'json' : null
  if (type === GraphQLString) return 'json'
  if (type === GraphQLID) return 'id'
  if (type === GraphQLInt || type === GraphQLBoolean) return 'plain'
  if (isEnumType(type)) return { names: type.getValues().map(({ name, value }) => [String(value), name]) }
  return type.toString() === 'DateTime' ? 'moment' : null
}

function bare(type: GraphQLOutputType | undefined) {
  let inner = type ?? null
  while (inner !== null && (isNonNullType(inner) || isListType(inner))) inner = inner.ofType
  return inner
}
