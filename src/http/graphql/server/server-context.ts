import type { GraphQLContext } from '../schema/builder.ts'

/** What the transport passes to Yoga with each request. */
export interface ServerContext {
  readonly graphql: GraphQLContext
}
