import type { FieldMap, InputFieldMap, InputShapeFromFields } from '@pothos/core'
import type { DomainError } from '../../../kernel/errors.ts'
import { builder, type GraphQLContext, type SchemaTypes } from './builder.ts'
import type { costOfItems } from './complexity.ts'
import { followingMerges } from './merged-ids.ts'

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>

/** Builds the fields of an input. */
export type InputFields = PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>

type Refusal = new (...args: never[]) => DomainError

export interface MutationDeclaration<Input extends InputFieldMap, Payload extends object> {
  /** What it does and which scope it needs. */
  readonly description: string
  readonly input: { readonly description: string; readonly fields: (t: InputFields) => Input }
  /** The refusals that callers can expect: the members of the result beside the payload. */
  readonly errors: { readonly types: readonly Refusal[]; readonly description: string }
  /** What it costs beside its payload. Default: one for the mutation itself. */
  readonly complexity?: (args: { readonly input: InputShapeFromFields<Input> }) => ReturnType<typeof costOfItems>
  readonly resolve: (input: InputShapeFromFields<Input>, context: GraphQLContext) => Payload | Promise<Payload>
  readonly payload: {
    readonly description: string
    readonly fields: (t: PothosSchemaTypes.ObjectFieldBuilder<Types, Payload>) => FieldMap
  }
}

/**
 * Declares a mutation in the form that all have: one argument `input: <Name>Input!`, and as its answer the union
 * `<Name>Result = <Name>Payload | refusals`. The order of the properties matters to TypeScript: `resolve` takes its input from `input.fields`, and
 * `payload.fields` the object that `resolve` returns.
 */
export function mutation<Input extends InputFieldMap, Payload extends object>(
  name: string,
  { description, input, errors, complexity, resolve, payload }: MutationDeclaration<Input, Payload>,
): void {
  const prefix = `${name.charAt(0).toUpperCase()}${name.slice(1)}`
  const inputType = builder.inputType(`${prefix}Input`, { description: input.description, fields: input.fields })
  const payloadType = builder.objectRef<Payload>(`${prefix}Payload`).implement({ description: payload.description, fields: payload.fields })
  builder.mutationField(name, (t) =>
    t.field({
      type: payloadType,
      description,
      // proof: the argument has the type `inputType`. Pothos cannot compute the shape of arguments from a type parameter.
      ...(complexity && { complexity: complexity as never }),
      errors: { types: [...errors.types], union: { description: errors.description } },
      args: { input: t.arg({ type: inputType, required: true, description: input.description }) },
      // proof: as above
      resolve: ((_root: object, args: { input: InputShapeFromFields<Input> }, context: GraphQLContext) =>
        followingMerges(args.input, context, resolve)) as never,
    }),
  )
}
