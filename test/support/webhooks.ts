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

/** Sends a mutation. @returns what is selected of its payload, or its refusal */
export async function mutate(tenant: Tenant, name: string, input: Record<string, unknown>, selection: string) {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`
  const { body } = await tenant.gql(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { ... on ${type}Payload { ${selection} } ... on Error { code message } } }`,
    { input },
  )
  return body.data[name]
}

/** The first endpoint of the organization. */
export async function endpointWith(tenant: Tenant, selection: string) {
  const { body } = await tenant.gql(`{ webhookEndpoints { ${selection} } }`)
  return body.data.webhookEndpoints[0]
}
