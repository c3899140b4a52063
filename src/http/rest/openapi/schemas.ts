/**
 * The schemas of a document in the form that means what the declarations do, to validators and to programs that generate clients:
 * - The generator writes a nullable reference as "all of the reference and null", which nothing fulfils. It becomes "any of both".
 * - A list of values with null among them is not understood by several generators. It becomes "any of the values and null".
 * - A reference with a description of its own needs no "all of".
 */
export function truthful(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(truthful)
  if (typeof node !== 'object' || node === null) return node
  const schema: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, truthful(value)]))
  return describedReference(schema) ?? nullableValues(schema) ?? schema
}

type Schema = Readonly<Record<string, unknown>>

/** `allOf: [reference, {description, type?}]`, which is how the generator adds to a reference; null for any other schema. */
function describedReference(schema: Schema): Schema | null {
  const { allOf } = schema
  if (!Array.isArray(allOf) || allOf.length !== 2) return null
  const [reference, added] = allOf as [Schema, Schema] // proof: a list of two schemas
  if (
    typeof reference['$ref'] !== 'string' ||
    Object.keys(added).some((key) => !['description', 'type', 'example', 'default'].includes(key))
  )
    return null
  const { type, ...annotations } = added
  const isNullable = Array.isArray(type) && type.includes('null')
  return isNullable ? { ...annotations, anyOf: [reference, { type: 'null' }] } : { ...reference, ...annotations }
}

function nullableValues(schema: Schema): Schema | null {
  const { type, enum: values, ...annotations } = schema
  if (!Array.isArray(values) || !values.includes(null)) return null
  const known = Array.isArray(type) ? type.filter((name) => name !== 'null') : [type]
  return {
    ...annotations,
    anyOf: [{ ...(known[0] !== undefined && { type: known[0] }), enum: values.filter((value) => value !== null) }, { type: 'null' }],
  }
}
