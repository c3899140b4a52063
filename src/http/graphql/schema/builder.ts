import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import ErrorsPlugin from '@pothos/plugin-errors'
import PrismaPlugin from '@pothos/plugin-prisma'
import RelayPlugin from '@pothos/plugin-relay'
import type PrismaTypes from '../../../data/generated/pothos.ts'
import { getDatamodel } from '../../../data/generated/pothos.ts'
import type { WebhookSending } from '../../../domain/webhooks/services.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import type { RequestContext } from '../../request-context.ts'
import type { Watched } from '../subscriptions/registry.ts'
import { connectionCost, costOfOne } from './complexity.ts'
import type { RateLimitUsage } from '../../rate-limit.ts'
import type { Loaders } from './loaders.ts'

/** What every resolver is given. */
export interface GraphQLContext extends RequestContext {
  readonly loaders: Loaders
  /** The same in another database, with loaders of its own. */
  readingFrom(db: RequestContext['db']): GraphQLContext
  /** Counts the cost of the operation against the caller's limit. @throws RateLimited */
  charge(cost: number): Promise<void>
  /** What is left of the caller's limits. */
  rateLimits(): Promise<RateLimitUsage[]>
  /** The URL at which contacts reach this gateway, without a slash at its end. */
  readonly publicUrl: string
  /** How webhooks are sent. */
  readonly webhooks: WebhookSending
  /** The last event that a client knows which comes back, by the header Last-Event-ID; null if it does not say. */
  readonly lastEventId: string | null
  /** Keeps what is watched open for as long as the caller may watch it. @throws RATE_LIMITED if the caller watches too much */
  keepOpen<Event>(begin: () => Promise<Watched<Event>>): Promise<AsyncGenerator<Event, void, undefined>>
}

export interface SchemaTypes {
  Context: GraphQLContext
  PrismaTypes: PrismaTypes
  Scalars: {
    ID: { Input: string; Output: string }
    DateTime: { Input: Date; Output: Date }
    AttributeValue: { Input: string | number | boolean; Output: string | number | boolean }
    JSON: { Input: Record<string, unknown>; Output: JsonObject }
  }
  Connection: { totalCount: number | null }
  DefaultEdgesNullability: { list: false; items: false }
  DefaultNodeNullability: false
}

/**
 * Every type of the schema registers itself here when its file is imported, the one side effect that an import has in this project;
 * `schema.ts` imports them all. Fields are nullable unless they say otherwise, so that one failing field takes no other with it.
 */
export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [ErrorsPlugin, PrismaPlugin, RelayPlugin, ComplexityPlugin],
  // What an operation costs: one for each field that the answer can have. `operation-limits.ts` enforces it.
  complexity: { defaultComplexity: 1, defaultListMultiplier: 10 },
  errors: {
    directResult: true,
    defaultUnionOptions: {
      name: ({ fieldName }) => `${fieldName.charAt(0).toUpperCase()}${fieldName.slice(1)}Result`,
    },
  },
  prisma: {
    // The domain chooses the rows, in batches; Pothos takes names, types and descriptions from the models.
    client: () => {
      throw new Error('A field asked Pothos to load a relation: load it through a loader instead.')
    },
    dmmf: getDatamodel(),
    exposeDescriptions: true,
  },
  relay: {
    cursorType: 'String',
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    nodesOnConnection: { description: 'The items of the page without their cursors.', complexity: costOfOne },
    defaultConnectionFieldOptions: { complexity: connectionCost },
    firstArgOptions: { description: 'How many items to take from the beginning (or after `after`): 1 to 200. Default: 25.' },
    lastArgOptions: { description: 'How many items to take from the end (or before `before`), instead of `first`.' },
    afterArgOptions: { description: 'A cursor of this list: take the items that follow it.' },
    beforeArgOptions: { description: 'A cursor of this list: take the items that precede it.' },
    edgesFieldOptions: {
      complexity: costOfOne,
      description: 'The items of the page with their cursors.',
      nullable: { list: false, items: false },
    },
    nodeFieldOptions: { description: 'The item.', nullable: false },
    cursorFieldOptions: {
      description: 'The position of the item in the list, to page on from. Opaque: it may change its form at any time.',
    },
    pageInfoFieldOptions: { complexity: { field: 0, multiplier: 0 }, description: 'Whether there is more, and from where.' },
    pageInfoTypeOptions: { description: 'Whether a list goes on beyond the page, and the cursors to follow it.' },
    hasNextPageFieldOptions: { description: 'Whether items follow this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether items precede this page.' },
    startCursorFieldOptions: { description: 'The cursor of the first item; null if the page is empty.' },
    endCursorFieldOptions: { description: 'The cursor of the last item; null if the page is empty.' },
    defaultConnectionTypeOptions: { description: 'A page of a list.' },
    defaultEdgeTypeOptions: { description: 'An item of a list and its position in it.' },
  },
})

builder.queryType({ description: 'The queries. None of them changes data.' })
builder.mutationType({
  description:
    'Everything that can be changed. Each mutation answers with the thing that it changed or with a typed refusal (see the interface `Error`); ' +
    'ask for `... on Error { code message }` to get a sentence for every one.',
})

builder.subscriptionType({
  description:
    'What can be watched. Answers come as server-sent events (`Accept: text/event-stream`), one for ' +
    'all that happened at about the same time. Each has an `eventId`: a client that reconnects with the last one as `after` (or in the header Last-Event-ID) misses ' +
    'nothing of the days that changes are kept (7 by default). The selected fields are read at the time of delivery.',
})

builder.globalConnectionField('totalCount', (t) =>
  t.exposeInt('totalCount', {
    nullable: true,
    description: 'The number of items in the list; null above 10,000. Counted only if requested.',
  }),
)
