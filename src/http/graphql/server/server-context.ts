import type { GraphQLContext } from '../schema/builder.ts'

/** What the transport hands to Yoga with each request. */
export interface ServerContext {
  /** Null for GraphiQL's page, which needs no credential. */
  readonly graphql: GraphQLContext | null
  /** The demo's API key, filled into GraphiQL's headers; null if there is none to show. */
  readonly demoKey: string | null
}
