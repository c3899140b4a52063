import type { GraphQLSchema } from 'graphql'
import { builder } from './builder.ts'
import './scalars.ts'
import './node.ts'
import './viewer.ts'
import './contacts.ts'
import './contact-mutations.ts'
import './contact-changes.ts'
import './notes.ts'
import './preferences.ts'
import './frequency-caps.ts'
import './sending.ts'
import './next-best-action.ts'
import './blocking.ts'
import './activities.ts'
import './record-activities.ts'
import './timeline.ts'
import './journey.ts'
import './profile.ts'
import './imports.ts'
import './bulk-actions.ts'
import './audit.ts'

/** The whole schema. */
export function createSchema(): GraphQLSchema {
  return builder.toSchema()
}
