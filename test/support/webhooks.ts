import { expect } from 'vitest'
import { WebhookCounts } from '../../src/domain/webhooks/counts.ts'
import { workOnEndpoint } from '../../src/domain/webhooks/deliver.ts'
import { createPoster } from '../../src/domain/webhooks/post.ts'
import type { WebhookServices } from '../../src/domain/webhooks/services.ts'
import { presentContactsById } from '../../src/http/rest/contact-presentation.ts'
import type { Tenant } from './gateway.ts'

export interface GivenEndpoint {
  readonly id: string
  readonly secret: string
  /** Works on the endpoint until there is nothing more to do at once. */
  deliver(): Promise<void>
}

/** What delivers events in tests, to receivers on this machine. */
export function webhookServices({ context }: Tenant): WebhookServices {
  const { db, now, secretKeys } = context
  const poster = createPoster({ allowPrivate: true, timeout: 500 })
  return { db, now, secretKeys, poster, counts: new WebhookCounts(), presentContacts: presentContactsById }
}

/** Creates an endpoint through the API. */
export async function givenEndpoint(tenant: Tenant, url: string, input = '', services = webhookServices(tenant)): Promise<GivenEndpoint> {
  const { body } = await tenant.gql(
    `mutation ($url: String!) {
      createWebhookEndpoint(input: { url: $url, ${input} }) {
        ... on CreateWebhookEndpointPayload { secret webhookEndpoint { id } }
        ... on Error { code message }
      }
    }`,
    { url },
  )
  const { secret, webhookEndpoint } = body.data.createWebhookEndpoint
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  const key = { organizationId: tenant.organizationId, id: String(webhookEndpoint.id) }
  return {
    id: key.id,
    secret: String(secret),
    async deliver() {
      while ((await workOnEndpoint(services, key))?.hasMore === true);
    },
  }
}
