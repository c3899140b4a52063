import { z } from '@hono/zod-openapi'
import { lifecycleStage } from './contact-presentation.ts'

/** One or a list of them. */
function anyOf<Item extends z.ZodType>(item: Item) {
  return z.union([item.transform((one) => [one]), z.array(item)])
}

/** The filter of a list, in a body. */
export const filterBody = z
  .strictObject({
    search: z.string().optional(),
    lifecycle_stage: anyOf(lifecycleStage).optional(),
    country_code: anyOf(z.string()).optional(),
    tags: anyOf(z.string()).optional(),
    has_phone: z.boolean().optional(),
    has_email: z.boolean().optional(),
    created_after: z.string().optional(),
    created_before: z.string().optional(),
  })
  .openapi('ContactFilter', { description: 'What a list is narrowed down to; no fields: every contact.' })
