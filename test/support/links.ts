import type { ConsentState } from '../../src/data/generated/client.ts'
import type { ContactInput } from '../../src/domain/contacts/rules.ts'
import { setPreferences } from '../../src/domain/preferences/commands.ts'
import { getSendDecision } from '../../src/domain/sending/queries.ts'
import { givenContact, unique } from './factories.ts'
import { noon, type Tenant, type TestGateway } from './gateway.ts'

/** What the links of the tests begin with. */
export const publicUrl = 'https://contacts.example.com'

export const at = (minutes: number) => new Date(noon.getTime() + minutes * 60_000)

export interface Link {
  readonly url: string
  readonly oneClickUrl: string
  readonly listUnsubscribe: string
  readonly listUnsubscribePost: string
  readonly expiresAt: string
}

/** What tests of links do with one organization. */
export function linksOf(gateway: TestGateway, tenant: Tenant) {
  /** Requests what a link leads to. */
  const send = (url: string, init: RequestInit = {}): Promise<Response> =>
    gateway.app.fetch(new Request(url.replace(publicUrl, 'http://localhost:4000'), { redirect: 'manual', ...init }))
  const post = (url: string, fields: Record<string, string>) => send(url, { method: 'POST', body: new URLSearchParams(fields) })
  return {
    send,
    post,
    oneClick: (url: string) => post(url, { 'List-Unsubscribe': 'One-Click' }),
    /** A contact with a phone number and an email address. @returns its id */
    person: (input: ContactInput = {}) =>
      givenContact(tenant, { phone: `+1415555${2000 + unique()}`, email: `person${unique()}@example.com`, ...input }),
    async linkFor(contactId: string, input: Record<string, unknown> = {}): Promise<Link> {
      const { body } = await tenant.gql(
        `mutation ($input: CreatePreferenceLinkInput!) { createPreferenceLink(input: $input) {
          ... on CreatePreferenceLinkPayload { link { url oneClickUrl listUnsubscribe listUnsubscribePost expiresAt } }
          ... on Error { code message } } }`,
        { input: { contactId, ...input } },
      )
      return body.data.createPreferenceLink.link
    },
    async confirmationLinkFor(contactId: string, topic: string): Promise<{ readonly url: string; readonly token: string }> {
      const { body } = await tenant.gql(
        `mutation ($input: CreateConfirmationLinkInput!) { createConfirmationLink(input: $input) {
          ... on CreateConfirmationLinkPayload { link { url token } } ... on Error { code message } } }`,
        { input: { contactId, topic } },
      )
      return body.data.createConfirmationLink.link
    },
    /** The ledger of a contact, the oldest entry first. */
    recordsOf: (contactId: string) =>
      gateway.db.prisma.consentRecord.findMany({
        where: { organizationId: tenant.organizationId, contactId },
        orderBy: [{ recordedAt: 'asc' }, { channel: 'asc' }],
        select: { channel: true, topicId: true, state: true, source: true, textVersion: true, addressKey: true, recordedBy: true },
      }),
    /** Why marketing by email must not be sent. */
    async codesOf(contactId: string, options: Record<string, unknown> = {}): Promise<string[]> {
      const { reasons } = await getSendDecision(tenant.context, contactId, { channel: 'email', category: 'marketing', ...options })
      return reasons.map(({ code }) => code)
    },
    say: (contactId: string, state: ConsentState, more: Record<string, unknown> = {}) =>
      setPreferences(tenant.context, contactId, [{ channel: 'email', state, source: 'web_form', textVersion: 'v1', ...more }]),
  }
}
