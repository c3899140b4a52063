import { z } from '@hono/zod-openapi'
import type { Scope } from '../../domain/context.ts'
import type { Precondition } from '../../domain/contacts/revision.ts'
import type { RateClass } from '../rate-limit.ts'
import type { RequestContext } from '../request-context.ts'
import type { UploadedFile } from './uploads.ts'

type Fields = z.ZodObject

/** What a list says about its page. */
export interface Pagination {
  readonly cursor: string | null
  readonly has_more: boolean
  /** Absent past 10,000. */
  readonly total?: number
}

export type Reply =
  | {
      readonly status: 200 | 201 | 202
      readonly data: unknown
      readonly pagination?: Pagination
      readonly headers?: Readonly<Record<string, string>>
    }
  | { readonly status: 204; readonly headers?: Readonly<Record<string, string>> }
  | { readonly status: 200; readonly file: FileReply }

/** A file, which is sent while it is written. Closing the connection ends the writing. */
export interface FileReply {
  readonly type: string
  /** What a browser saves it as; letters, digits, dots and dashes. */
  readonly name: string
  readonly content: AsyncGenerator<string>
}

interface Input<Params extends Fields, Query extends Fields, Body extends Fields> {
  readonly params: z.output<Params>
  readonly query: z.output<Query>
  /** Empty where a file was sent in its place. */
  readonly body: z.output<Body>
  /** The file that was sent in place of the body; null if none was. */
  readonly file: UploadedFile | null
  /** The header Accept; empty where it is absent. */
  readonly accept: string
  /** What the header If-Match demands; empty where it is absent, or the endpoint does not take it. */
  readonly preconditions: readonly Precondition[]
}

interface Declaration<Params extends Fields, Query extends Fields, Body extends Fields> {
  /** Names the route for programs: generated clients call their method so. */
  readonly operation: string
  /** A few words, for the list of routes. */
  readonly summary: string
  /** What a stranger should know beside. */
  readonly description?: string
  readonly tag: string
  /** What it is counted as, where its method does not say it. */
  readonly rate?: RateClass
  /** The scope that the domain asks for, for the document. */
  readonly scope: Scope
  readonly params: Params
  readonly query: Query
  /** Null where a body is not read; one that is sent all the same is let pass. */
  readonly body: Body | null
  readonly bodyRequired: boolean
  /** Whether a file of CSV or vCards is accepted in place of the body. */
  readonly acceptsFile: boolean
  /** Brings bodies of other shapes into the one that the schema describes. */
  readonly shape: (json: unknown) => unknown
  /** The largest body that is accepted. */
  readonly maxBodyBytes: number
  /** The media types of the file that it answers with; none where it answers with data. */
  readonly fileTypes: readonly string[]
  /** The statuses of success and the shape of their data; null where there is none. */
  readonly replies: Readonly<Record<number, z.ZodType | null>>
  readonly paged: boolean
  /** The header that makes the request conditional on the contact's ETag; null for none. */
  readonly conditional: 'If-Match' | 'If-None-Match' | null
  /** Whether answers have the header ETag, with the revision of the contact. */
  readonly tagged: boolean
  /** Judges the values of a body, apart from some fields whose type is wrong, so that both are refused at once. */
  judge(context: RequestContext, body: z.output<Body>): Promise<void>
  handle(context: RequestContext, input: Input<Params, Query, Body>): Promise<Reply>
}

/** One route's declaration: what it accepts, what it answers and what it does. It serves the route and the OpenAPI document alike. */
export type Endpoint = Declaration<Fields, Fields, Fields>

const nothing = z.strictObject({})
type Nothing = typeof nothing

interface Options<Params extends Fields, Query extends Fields, Body extends Fields> extends Omit<
  Declaration<Params, Query, Body>,
  | 'params'
  | 'query'
  | 'body'
  | 'bodyRequired'
  | 'acceptsFile'
  | 'shape'
  | 'maxBodyBytes'
  | 'fileTypes'
  | 'paged'
  | 'conditional'
  | 'tagged'
  | 'judge'
  | 'handle'
> {
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  readonly bodyRequired?: boolean
  readonly acceptsFile?: boolean
  readonly shape?: (json: unknown) => unknown
  readonly maxBodyBytes?: number
  readonly fileTypes?: readonly string[]
  readonly paged?: boolean
  readonly conditional?: Declaration<Params, Query, Body>['conditional']
  readonly tagged?: boolean
  judge?: Declaration<Params, Query, Body>['judge']
  handle: Declaration<Params, Query, Body>['handle']
}

/** Declares a route. Its path and method stand in the table of routes. */
export function endpoint<Params extends Fields = Nothing, Query extends Fields = Nothing, Body extends Fields = Nothing>(
  options: Options<Params, Query, Body>,
): Endpoint {
  const declaration = {
    ...options,
    params: options.params ?? nothing,
    query: options.query ?? nothing,
    body: options.body ?? null,
    bodyRequired: options.body !== undefined && (options.bodyRequired ?? true),
    acceptsFile: options.acceptsFile ?? false,
    shape: options.shape ?? ((json: unknown) => json),
    maxBodyBytes: options.maxBodyBytes ?? 1024 * 1024,
    fileTypes: options.fileTypes ?? [],
    paged: options.paged ?? false,
    conditional: options.conditional ?? null,
    tagged: options.tagged ?? false,
    judge: options.judge ?? (async () => {}),
  }
  // proof: `handle` is only ever called with what these very schemas have parsed
  return declaration
}
