import fc from 'fast-check'
import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  isAbstractType,
  isEnumType,
  type GraphQLInputField,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'
import { createSchema } from '../../src/http/graphql/schema/schema.ts'
import { absurd } from './malformed.ts'

export const schema = createSchema()

export interface Root {
  readonly kind: 'query' | 'mutation' | 'subscription'
  readonly name: string
  readonly field: GraphQLField<unknown, unknown>
}

/** Every field that an operation can begin with. */
export const roots: readonly Root[] = [
  ...Object.values(schema.getQueryType()?.getFields() ?? {}).map((field) => ({ kind: 'query' as const, name: field.name, field })),
  ...Object.values(schema.getMutationType()?.getFields() ?? {}).map((field) => ({ kind: 'mutation' as const, name: field.name, field })),
  ...Object.values(schema.getSubscriptionType()?.getFields() ?? {}).map((field) => ({
    kind: 'subscription' as const,
    name: field.name,
    field,
  })),
]

/** A choice among things. */
type Choose = <Value>(arbitrary: fc.Arbitrary<Value>) => Value

export interface GenerateOptions {
  /** The same number makes the same operation. */
  readonly seed: number
  /** Texts to be used wherever a text is wanted, such as ids, phone numbers and names. */
  readonly pool: readonly string[]
  /** Whether to ask for every field that there is, or for some. */
  readonly everything?: boolean
  /** Whether arguments may be malformed. */
  readonly sane?: boolean
  /** Which fields of a type may be asked for, and which arguments of a field be given; Default: any. */
  readonly isWanted?: (of: string, name: string) => boolean
}

/** An operation that begins with a field: its arguments and selection are random. */
export function operationOf({ kind, field }: Root, options: GenerateOptions): string {
  let choices = 0
  const choose: Choose = (arbitrary) => sampleOf(arbitrary, options.seed * 1_000_003 + (choices += 1))
  return `${kind} { ${new Maker(options, choose).field(field, 'r', options.everything === true ? 6 : 3, [])} }`
}

class Maker {
  readonly #options: GenerateOptions
  readonly #choose: Choose

  constructor(options: GenerateOptions, choose: Choose) {
    this.#options = options
    this.#choose = choose
  }

  /** A field under an alias, so that no two of them are merged. */
  field(field: GraphQLField<unknown, unknown>, alias: string, depth: number, above: readonly string[]): string {
    const named = getNamedType(field.type)
    const call = `${alias}: ${field.name}${this.#arguments(field)}`
    if (isObjectType(named)) return `${call} ${this.#selection(named, alias, depth - 1, above)}`
    if (!isAbstractType(named)) return call
    const parts = schema
      .getPossibleTypes(named)
      .map((part, index) => `... on ${part.name} ${this.#selection(part, `${alias}${index}`, depth - 1, above)}`)
    return `${call} { __typename ${parts.join(' ')} }`
  }

  #selection(type: GraphQLObjectType, alias: string, depth: number, above: readonly string[]): string {
    const fields = Object.values(type.getFields()).filter((field) => {
      if (this.#options.isWanted?.(type.name, field.name) === false) return false
      const named = getNamedType(field.type)
      return isLeafType(named) || (depth > 0 && !above.includes(named.name))
    })
    const chosen = this.#options.everything === true ? fields : this.#choose(fc.subarray(fields, { maxLength: Math.min(4, fields.length) }))
    const within = [...above, type.name]
    return `{ __typename ${chosen.map((field, index) => this.field(field, `${alias}_${index}`, depth, within)).join(' ')} }`
  }

  #arguments(field: GraphQLField<unknown, unknown>): string {
    const isWanted = ({ name }: GraphQLArgument) => this.#options.isWanted?.(field.name, name) !== false
    const given = field.args.filter((argument) => isRequiredArgument(argument) || (isWanted(argument) && this.#sometimes(3)))
    return given.length === 0 ? '' : `(${given.map(({ name, type }) => `${name}: ${this.#literal(type)}`).join(', ')})`
  }

  /** A value as it is written in an operation. */
  #literal(type: GraphQLInputType, within: readonly string[] = []): string {
    if (this.#options.sane !== true && this.#sometimes(20)) return written(this.#choose(absurd))
    if (isNonNullType(type)) return this.#literal(type.ofType, within)
    if (isListType(type)) {
      const length = this.#choose(fc.integer({ min: 0, max: 3 }))
      return `[${Array.from({ length }, () => this.#literal(type.ofType, within)).join(', ')}]`
    }
    if (isEnumType(type)) return this.#choose(fc.constantFrom(...type.getValues())).name
    if (isInputObjectType(type)) {
      // Inputs that contain themselves are nested once: more often they would never end.
      const isEndless = (field: GraphQLInputField) => within.includes(type.name) && getNamedType(field.type) === type
      const fields = Object.values(type.getFields()).filter((field) => !isEndless(field))
      const given = type.isOneOf
        ? [this.#choose(fc.constantFrom(...fields))]
        : fields.filter((field) => isRequiredInputField(field) || this.#sometimes(3))
      return `{${given.map((field) => `${field.name}: ${this.#literal(field.type, [...within, type.name])}`).join(', ')}}`
    }
    return written(this.#choose(this.#scalar(type.name)))
  }

  #scalar(name: string): fc.Arbitrary<unknown> {
    const { pool } = this.#options
    switch (name) {
      case 'ID':
        return fc.constantFrom(...pool)
      case 'Int':
        return fc.integer({ min: this.#options.sane === true ? 1 : -2, max: 200 })
      case 'Float':
        return fc.double({ noNaN: true, noDefaultInfinity: true })
      case 'Boolean':
        return fc.boolean()
      case 'DateTime':
        return fc.date({ noInvalidDate: true, min: new Date('1960-01-01'), max: new Date('2040-01-01') }).map((date) => date.toJSON())
      case 'JSONObject':
        return fc.constantFrom({}, { plan: 'pro', seats: 3 })
      default:
        return fc.oneof({ weight: 3, arbitrary: fc.constantFrom('US', 'de', ...pool) }, fc.string({ maxLength: 12 }))
    }
  }

  #sometimes(outOf: number): boolean {
    return this.#choose(fc.integer({ min: 1, max: outOf })) === 1
  }
}

/** A value in GraphQL's notation, which is JSON's but for the names of fields. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => written(item)).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value).filter(([name]) => /^[A-Za-z_]\w*$/.test(name))
  return `{${fields.map(([name, field]) => `${name}: ${written(field)}`).join(', ')}}`
}

function sampleOf<Value>(arbitrary: fc.Arbitrary<Value>, seed: number): Value {
  const [value] = fc.sample(arbitrary, { seed, numRuns: 1 })
  // proof: one value was asked for
  return value as Value
}
