import { z } from '@hono/zod-openapi'
import { InvalidInput } from '../../kernel/errors.ts'
import { isJsonObject } from '../../kernel/json.ts'
import {
  decodeCursor,
  encodeCursor,
  type List,
  maxPageSize,
  type Page,
  type PageRequest,
  parsePageSize,
  type Position,
} from '../../kernel/page.ts'
import { snakeCase } from '../../kernel/text.ts'
import type { Pagination } from './endpoint.ts'

const truths: ReadonlyMap<string, boolean> = new Map([
  ...['true', '1', 'yes', 'on', 't', 'y'].map((text) => [text, true] as const),
  ...['false', '0', 'no', 'off', 'f', 'n'].map((text) => [text, false] as const),
])

/** A boolean in a query string or a form, as any language and browser writes it: `true`, `True`, `1`, `yes`, `on`, and their opposites. */
export const flag = z.string().transform((text, context): boolean => {
  const truth = truths.get(text.trim().toLowerCase())
  if (truth === undefined) context.issues.push({ code: 'custom', message: 'expected true or false', input: text })
  return truth ?? false
})

/** A JSON object with any keys. The library's own record leaves out `__proto__`. */
export const jsonObject = z
  .custom<Record<string, unknown>>(isJsonObject, { error: 'expected an object' })
  .openapi({ type: 'object', additionalProperties: true })

/** `a,b,c` in a query string. */
export const commaList = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)

const channels = ['email', 'fax', 'instagram', 'line', 'messenger', 'push', 'rcs', 'sms', 'viber', 'voice', 'whatsapp'] as const
export const channelSchema = z.enum(channels).openapi('Channel')
export const directionSchema = z.enum(['inbound', 'outbound']).openapi('Direction')

/** The same object in REST's spelling; times as texts. Nested values are the caller's own data and stay unchanged. */
export function snakeKeys(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [snakeCase(key), value instanceof Date ? value.toISOString() : value]),
  )
}

export const contactIdParams = z.strictObject({
  id: z.string().openapi({ description: 'The id of the contact.', example: 'con_01jm8xw4r2e5tvq0c9h3kzb7nd' }),
})

/** The query parameters of every list. */
export const pageQuery = {
  cursor: z.string().optional().openapi({ description: 'The `meta.pagination.cursor` of the previous page; absent for the first page.' }),
  limit: z
    .string()
    .optional()
    .openapi({
      description: `How many items the page has, 1 to ${maxPageSize}.`,
      type: 'integer',
      minimum: 1,
      maximum: maxPageSize,
      default: 25,
    }),
}

/** Which page the query asks for. @throws InvalidInput, InvalidCursor */
export function pageRequest(list: List, { cursor, limit }: { cursor?: string | undefined; limit?: string | undefined }): PageRequest {
  return pageRequestOf(list, { cursor, limit: limit === undefined ? undefined : parseInteger(limit, 'limit') })
}

interface PageWanted {
  readonly cursor?: string | null | undefined
  readonly limit?: number | null | undefined
}

/** Which page is wanted. REST pages forward only. @throws InvalidInput, InvalidCursor */
export function pageRequestOf(list: List, { cursor, limit }: PageWanted): PageRequest {
  return {
    limit: parsePageSize(limit, 'limit'),
    direction: 'forward',
    from: cursor === undefined || cursor === null ? null : decodeCursor(list, cursor),
    total: true,
  }
}

/** What a page says about itself. */
export function paginationOf<Item>(page: Page<Item>, list: List, position: (item: Item) => Position): Pagination {
  const last = page.items.at(-1)
  return {
    cursor: page.hasNext && last !== undefined ? encodeCursor(list, position(last)) : null,
    has_more: page.hasNext,
    ...(page.total !== null && { total: page.total }),
  }
}

/** A whole number in a query string. @param most the largest that is accepted, for the message @throws InvalidInput for any other text */
export function parseInteger(text: string, field: string, most = maxPageSize): number {
  if (/^-?\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidInput(`The parameter ${field} is not an integer.`, {
    field,
    value: text.slice(0, 120),
    expected: `an integer from 1 to ${most}`,
  })
}
