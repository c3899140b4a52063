import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { Kind, parse, type SelectionSetNode } from 'graphql'
import { openApiDocument } from '../../../src/http/rest/openapi/openapi.ts'

const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)
const document = openApiDocument()
ajv.addSchema(document, 'openapi')

/** What is wrong about the shape of a REST answer, by the OpenAPI document; null if nothing is. */
export function faultOfRest(path: string, method: string, status: number, json: unknown): string | null {
  if (status === 204) return json === null ? null : 'there is a body'
  const route = `/api/v1/contacts${path}`
  const operation = `/paths/${escaped(route)}/${method.toLowerCase()}`
  // Refusals are shared among operations.
  const { $ref } = Object(Object(Object(Object(document.paths)[route])[method.toLowerCase()]).responses?.[status])
  const location = typeof $ref === 'string' ? $ref.slice(1) : `${operation}/responses/${status}`
  const validate = ajv.getSchema(`openapi#${location}/content/${escaped('application/json')}/schema`)
  if (validate === undefined) return `the status ${status} is not declared`
  return validate(json) === true ? null : ajv.errorsText(validate.errors)
}

function escaped(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))
}

/** What is missing in a GraphQL answer that was asked for; null if nothing is. */
export function faultOfGraphQL(query: string, json: unknown): string | null {
  const { data, errors } = Object(json) as { data?: unknown; errors?: unknown }
  if (errors !== undefined) return JSON.stringify(errors)
  return missingField(selectionOf(query), data, 'data')
}

const sets = new Map<string, SelectionSetNode>()

function selectionOf(query: string): SelectionSetNode {
  const known = sets.get(query)
  if (known !== undefined) return known
  const operation = parse(query).definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  if (operation === undefined) throw new Error('There is no operation.')
  sets.set(query, operation.selectionSet)
  return operation.selectionSet
}

/** Fields within fragments on a type may rightly be absent, so they are not looked at. */
function missingField(set: SelectionSetNode | undefined, value: unknown, location: string): string | null {
  if (value === null || set === undefined) return null
  if (Array.isArray(value)) return firstFault(value.map((item, index) => missingField(set, item, `${location}.${index}`)))
  if (typeof value !== 'object' || value === undefined) return `${location} is not an object`
  return firstFault(
    set.selections.map((selection) => {
      if (selection.kind !== Kind.FIELD) return null
      const name = selection.alias?.value ?? selection.name.value
      const within: unknown = Object(value)[name]
      return within === undefined ? `${location}.${name} is missing` : missingField(selection.selectionSet, within, `${location}.${name}`)
    }),
  )
}

function firstFault(faults: readonly (string | null)[]): string | null {
  return faults.find((fault) => fault !== null) ?? null
}
