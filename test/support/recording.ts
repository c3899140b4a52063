import { expect } from 'vitest'
import { noon, type Tenant } from './gateway.ts'

export const record = `mutation ($input: [ActivityInput!]!) { recordActivities(input: { activities: $input }) {
  ... on RecordActivitiesPayload { outcomes { index status activityId code message field } } ... on Error { code message } } }`

/** Records through the API. @returns the outcome of each item */
export async function outcomes(tenant: Tenant, input: unknown[]) {
  const { body } = await tenant.gql(record, { input })
  expect(body.errors).toBeUndefined()
  return body.data.recordActivities.outcomes
}

export const hour = 60 * 60 * 1000
/** So many hours before the tests' clock. */
export const ago = (hours: number) => new Date(noon.getTime() - hours * hour).toISOString()
