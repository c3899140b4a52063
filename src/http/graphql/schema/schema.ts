import { defaultFieldResolver, getNamedType, type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql'
import { JsonData } from '../../../kernel/json.ts'
import { builder } from './builder.ts'
import './scalars.ts'
import './nodes.ts'
import './viewer.ts'
import './contacts.ts'
import './contact-points.ts'
import './contact-mutations.ts'
import './contact-addresses.ts'
import './contact-changes.ts'
import './duplicates.ts'
import './merging.ts'
import './upsert.ts'
import './contact-counts.ts'
import './notes.ts'
import './preferences.ts'
import './frequency-caps.ts'
import './sending.ts'
import './reservations.ts'
import './next-best-action.ts'
import './suggestion-outcomes.ts'
import './blocking.ts'
import './activities.ts'
import './record-activities.ts'
import './timeline.ts'
import './journey.ts'
import './profile.ts'
import './import-preview.ts'
import './imports.ts'
import './bulk-actions.ts'
import './audit.ts'
import './attribute-definitions.ts'
import './contact-attributes.ts'
import './topics.ts'
import './suppressions.ts'
import './preference-links.ts'
import './erasure.ts'
import './webhooks.ts'

/** The whole schema. */
export function createSchema(): GraphQLSchema {
  const schema = builder.toSchema()
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue
    for (const field of Object.values(type.getFields()))
      if (getNamedType(field.type).name === 'JSON') field.resolve = shielding(field.resolve ?? defaultFieldResolver)
  }
  return schema
}

/**
 * The same resolver, whose JSON no executor looks into: graphql-js and its relatives take any object with a `then` for a promise, and
 * `then` is a key like any other in custom data.
 */
function shielding(resolve: GraphQLFieldResolver<unknown, unknown>): GraphQLFieldResolver<unknown, unknown> {
  return (...args) => {
    const value: unknown = resolve(...args)
    return value instanceof Promise ? value.then(shield) : shield(value)
  }
}

function shield(value: unknown): unknown {
  if (value === null || value === undefined || value instanceof JsonData) return value
  return Array.isArray(value) ? value.map(shield) : new JsonData(value)
}
