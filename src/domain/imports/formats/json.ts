import { isJsonObject } from '../../../kernel/json.ts'

/** The names under which answers of APIs keep their list of contacts: ours, HubSpot, Mailchimp, Shopify, Chatwoot, Klaviyo, Intercom, Twenty. */
const listNames = [
  'contacts',
  'data',
  'results',
  'members',
  'customers',
  'payload',
  'profiles',
  'users',
  'people',
  'subscribers',
  'leads',
  'items',
  'records',
  'value',
  'message',
  'suppressions',
  'Suppressions',
  'nodes',
  'edges',
] as const

/** The list of contacts in a JSON body of any of these shapes; null if it has none. */
export function contactsOfJson(json: unknown): readonly unknown[] | null {
  if (Array.isArray(json)) return json
  if (!isJsonObject(json)) return null
  for (const name of listNames) {
    const list: unknown = Object.hasOwn(json, name) ? json[name] : undefined
    // GraphQL wraps each item of a connection.
    if (Array.isArray(list)) return name === 'edges' ? list.map((edge: unknown) => (isJsonObject(edge) ? edge['node'] : edge)) : list
    if (isJsonObject(list)) {
      const inner = contactsOfJson(list)
      if (inner !== null) return inner
      // Mautic keeps contacts by their ids.
      const items = Object.entries(list)
      if (name === 'contacts' && items.length > 0 && items.every(([key, item]) => /^\d+$/.test(key) && isJsonObject(item)))
        return items.map(([, item]) => item)
    }
  }
  return null
}

/** What answers of APIs have beside their list: HubSpot, ActiveCampaign, Brevo and others that call it `contacts` too. */
const besideList: ReadonlySet<string> = new Set(
  'has-more vid-offset time-offset count total total_count totalCount meta paging scoreValues fieldValues'.split(' '),
)

/** An answer of an API that has its list under `contacts`, without what stands beside it there. */
export function withoutPaging(json: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(json).filter(([name]) => !besideList.has(name)))
}

/** Objects within a contact whose keys are columns of their own, if they have one of these keys. */
const containers: Readonly<Record<string, readonly string[] | null>> = {
  properties: ['email', 'firstname', 'lastname', 'phone', 'mobilephone', 'lifecyclestage', 'hs_object_id'],
  attributes: ['email', 'phone_number', 'first_name', 'last_name', 'subscriptions', 'external_id'],
  'attributes.location': null,
  'attributes.subscriptions': null,
  merge_fields: null,
  location: null,
  location_data: null,
  default_address: null,
  defaultAddress: null,
  email_marketing_consent: null,
  sms_marketing_consent: null,
  defaultEmailAddress: null,
  defaultPhoneNumber: null,
  emailMarketingConsent: null,
  smsMarketingConsent: null,
  additional_attributes: null,
  name: ['firstName', 'lastName'],
  emails: ['primaryEmail', 'additionalEmails'],
  phones: ['primaryPhoneNumber', 'additionalPhones'],
  whatsapp: ['primaryPhoneNumber'],
  address: ['addressCountry'],
  company: ['name'],
  Account: ['Name'],
  fields: ['all'],
  'fields.all': null,
}

/** Paths below which every object is taken apart. */
const open = /^attributes\.subscriptions(?:\.[a-z_]+){0,3}$/

/** A contact of JSON as one flat object: what stands in objects that other tools put around it gets the name of its path. */
export function flatten(item: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (!Object.values(item).some((value) => typeof value === 'object' && value !== null)) return item
  const flat = new Map<string, unknown>()
  addAll(flat, item, '')
  return Object.fromEntries(flat)
}

function addAll(flat: Map<string, unknown>, item: Readonly<Record<string, unknown>>, path: string): void {
  for (const [key, given] of Object.entries(item)) {
    const name = path === '' ? key : `${path}.${key}`
    // HubSpot's older API has each value in an object of its own.
    const value = path === 'properties' && isJsonObject(given) && 'value' in given ? given['value'] : given
    if (isJsonObject(value) && isContainer(name, value)) addAll(flat, value, name)
    else flat.set(name, value)
  }
}

function isContainer(name: string, value: object): boolean {
  if (open.test(name)) return true
  if (!Object.hasOwn(containers, name)) return false
  const keys = containers[name] ?? null
  return keys === null || keys.some((key) => Object.hasOwn(value, key))
}
