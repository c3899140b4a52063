import { OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi'
import { errorCodes } from '../../../kernel/errors.ts'
import { meanings } from '../../error-catalog.ts'
import { version } from '../../../kernel/version.ts'
import type { Endpoint } from '../endpoint.ts'
import type { Part } from './document.ts'
import { addExamples } from './examples.ts'
import { shareRefusals } from './refusals.ts'
import { addSamples } from './samples.ts'
import { tags } from './tags.ts'
import { filterBody } from '../contact-filter.ts'
import { refusalHeaders, requestHeaders, responseHeaders } from './headers.ts'
import { truthful } from './schemas.ts'
import { basePath, routes } from '../routes.ts'
import { fileMediaTypes } from '../uploads.ts'

const metaSchema = z
  .object({ request_id: z.string().openapi({ example: 'req_01jm8xw4r2e5tvq0c9h3kzb7nd' }), timestamp: z.iso.datetime() })
  .openapi('Meta')

const pageMetaSchema = metaSchema
  .extend({
    pagination: z.object({
      cursor: z.string().nullable().openapi({ description: 'To be passed as `cursor` for the next page; null on the last.' }),
      has_more: z.boolean(),
      total: z.int().optional().openapi({ description: 'How many there are in all; absent past 10,000.' }),
    }),
  })
  .openapi('PageMeta')

const errorSchema = z
  .object({
    error: z.object({
      code: z.enum(errorCodes),
      message: z.string().openapi({ description: 'What is wrong and what to do.' }),
      status: z.int(),
      details: z.looseObject({
        field: z.string().optional(),
        value: z.unknown().optional(),
        expected: z.string().optional(),
        errors: z
          .array(
            z.object({
              code: z.enum(errorCodes),
              message: z.string(),
              field: z.string().optional(),
              value: z.unknown().optional(),
              expected: z.string().optional(),
            }),
          )
          .optional()
          .openapi({ description: 'All that is wrong, if several fields are; the other details are those of the first.' }),
      }),
    }),
    meta: metaSchema.extend({ docs_url: z.string() }),
  })
  .openapi('Error')

/** The OpenAPI 3.1 document of every route, from the same declarations that serve them. */
export function openApiDocument() {
  const app = new OpenAPIHono()
  const registry = app.openAPIRegistry
  registry.registerComponent('securitySchemes', 'apiKey', { type: 'apiKey', in: 'header', name: 'X-API-Key' })
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' })
  // Registered before a use adds its own description to it.
  registry.register('ContactFilter', filterBody)
  for (const [path, methods] of Object.entries(routes)) {
    for (const [method, endpoint] of Object.entries(methods)) registry.registerPath(routeConfig(path, method, endpoint))
  }
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Contact gateway',
      version,
      description:
        'The REST compatibility routes. The same contacts are at `/graphql`, with everything nested. Lists answer with `meta.pagination`: pass its ' +
        '`cursor` as the parameter `cursor` for the next page, until `has_more` is false.',
    },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }, { bearer: [] }],
    tags: [...tags],
  })
  return completed(document)
}

/** The document with schemas that mean what the declarations do, examples, samples and shared refusals. */
function completed<Document extends object>(document: Document): Document {
  // proof: a plain copy, of which nothing is shared with the declarations
  const copy = truthful(JSON.parse(JSON.stringify(document))) as Document & Part
  addExamples(copy)
  addSamples(copy)
  shareRefusals(copy)
  return copy
}

function routeConfig(path: string, method: string, endpoint: Endpoint): RouteConfig {
  const { params, query, body } = endpoint
  return {
    // proof: the table's methods are those that HTTP has
    method: method.toLowerCase() as RouteConfig['method'],
    path: path === '/' ? basePath : `${basePath}${path}`,
    operationId: endpoint.operation,
    summary: endpoint.summary,
    description: `${endpoint.description ?? ''} Needs the scope \`${endpoint.scope}\`.`.trim(),
    tags: [endpoint.tag],
    request: {
      params,
      query,
      headers: requestHeaders(method, endpoint),
      ...(body !== null && { body: { required: endpoint.bodyRequired, content: bodyContent(endpoint, body) } }),
    },
    responses: { ...successes(endpoint), ...(endpoint.conditional === 'If-None-Match' && notModified), ...refusals() },
  }
}

const notModified = {
  304: { description: 'The contact still has the ETag that If-None-Match names.', headers: responseHeaders({ tagged: true }) },
}
const fileContent = {
  ...Object.fromEntries(fileMediaTypes.map((type) => [type, { schema: z.string() }])),
  'multipart/form-data': {
    schema: z.object({ file: z.string().openapi({ format: 'binary' }) }).openapi({ additionalProperties: { type: 'string' } }),
  },
}

function bodyContent(endpoint: Endpoint, body: z.ZodObject) {
  return { 'application/json': { schema: body }, ...(endpoint.acceptsFile && fileContent) }
}

function successes(endpoint: Endpoint): RouteConfig['responses'] {
  if (endpoint.fileTypes.length > 0) {
    const content = Object.fromEntries(
      endpoint.fileTypes.map((type) => [
        type,
        {
          schema:
            type === 'application/json'
              ? z.object({ data: endpoint.replies[200] ?? z.array(z.looseObject({})), meta: metaSchema })
              : z.string(),
        },
      ]),
    )
    return { 200: { description: 'The file.', headers: responseHeaders({ isFile: true }), content } }
  }
  const meta = endpoint.paged ? pageMetaSchema : metaSchema
  const { tagged } = endpoint
  const entries = Object.entries(endpoint.replies).map(([status, data]) => {
    const headers = responseHeaders({ tagged: tagged && data !== null, isCreated: status === '201', isReplayable: true })
    const content = { 'application/json': { schema: z.object({ data: data ?? z.null(), meta }) } }
    return [status, { description: 'Done.', headers, ...(data !== null && { content }) }]
  })
  return Object.fromEntries(entries)
}

/** Every status of a refusal, with the codes that it can mean. */
function refusals(): RouteConfig['responses'] {
  const codesOf = new Map<number, string[]>([[400, ['VALIDATION_ERROR']]])
  for (const code of errorCodes) {
    const { status } = meanings[code]
    for (const each of code === 'REVISION_CONFLICT' ? [status, 412] : [status]) codesOf.set(each, [...(codesOf.get(each) ?? []), code])
  }
  return Object.fromEntries(
    [...codesOf].map(([status, codes]) => [
      status,
      { description: codes.join(', '), headers: refusalHeaders(status), content: { 'application/json': { schema: errorSchema } } },
    ]),
  )
}
