import { isPart, operationsOf, type Part, resolve } from './document.ts'

const contactId = 'con_01jm8xw4r2e5tvq0c9h3kzb7nd'
const otherContactId = 'con_01jm8xw4r2e5tvq0c9h3kzb7ne'

/** Bodies that an operation accepts unchanged. For other operations they are made of the required fields. */
const bodies: Readonly<Record<string, Part>> = {
  createContact: { first_name: 'Ana', last_name: 'Silva', email: 'ana.silva@example.com', phone: '+351 912 345 678', tags: ['newsletter'] },
  updateContact: { company: 'Silva Lda', lifecycle_stage: 'qualified', custom_attributes: { plan: 'business' } },
  setPreferences: {
    changes: [
      { channel: 'sms', state: 'opted_in', source: 'web_form', text_version: '2026-03', proof_url: 'https://example.com/consent/1' },
    ],
  },
  createNote: { body: 'Called about the spring order.', pinned: false },
  updateNote: { pinned: true },
  blockContact: { reason: 'Sends spam' },
  unblockContact: { reason: 'It was a mistake' },
  bulkContactAction: { action: 'add_tags', contact_ids: [contactId], params: { tags: ['spring'] } },
  bulkDelete: { contact_ids: [otherContactId] },
  upsertContact: { match: [{ email: 'ana.silva@example.com' }], set: { first_name: 'Ana', company: 'Silva Lda' } },
  mergeContacts: { from_ids: [otherContactId], dry_run: true },
  searchContacts: { filter: { lifecycle_stage: ['customer'] }, limit: 3 },
  importContacts: {
    contacts: [{ first_name: 'Ana', email: 'ana.silva@example.com' }],
    on_duplicate: 'update',
  },
  previewImport: { contacts: [{ first_name: 'Ana', email: 'ana.silva@example.com' }] },
  exportContacts: { format: 'csv', filter: { lifecycle_stage: ['customer'] }, fields: ['id', 'display_name', 'email'] },
  importSuppressions: { csv: 'email\nno-more@example.com\n' },
  suppressAddresses: { addresses: ['no-more@example.com'], reason: 'manual', note: 'Asked by phone' },
  liftSuppression: { reason: 'The address has a new owner' },
}

/** Values of properties by their name. */
const values: Part = {
  id: contactId,
  contact_id: contactId,
  note_id: 'note_01jm8xw4r2e5tvq0c9h3kzb7nd',
  request_id: 'req_01jm8xw4r2e5tvq0c9h3kzb7nd',
  import_job_id: 'imp_01jm8xw4r2e5tvq0c9h3kzb7nd',
  phone: '+351912345678',
  phone_extension: '12',
  email: 'ana.silva@example.com',
  first_name: 'Ana',
  last_name: 'Silva',
  display_name: 'Ana Silva',
  company: 'Silva Lda',
  country_code: 'PT',
  default_country: 'PT',
  timezone: 'Europe/Lisbon',
  language: 'pt',
  tags: ['newsletter'],
  add_tags: ['spring-import'],
  custom_attributes: { plan: 'business' },
  metadata: { plan: 'business' },
  body: 'Called about the spring order.',
  author: 'Website',
  blocked_by: 'Website',
  recorded_by: 'Website',
  created_by: 'Website',
  name: 'Two messages a day',
  title: 'Order shipped',
  subject: 'Order shipped',
  message: 'The email address is not valid. Correct the address.',
  field: 'email',
  value: 'ana@',
  expected: 'an address such as ana@example.com',
  docs_url: 'http://127.0.0.1:4000/docs/errors#INVALID_EMAIL',
  source: 'web_form',
  text_version: '2026-03',
  proof_url: 'https://example.com/consent/1',
  purpose: 'newsletter',
  topic: 'product_news',
  address: 'ana.silva@example.com',
  external_id: 'crm-1043',
  reason: 'Requested by phone',
  note: 'Requested by phone',
  search: 'silva',
  charset: 'windows-1252',
  delimiter: ';',
  cursor: null,
}

/** Adds an example to every property, parameter of a path and body that has none. Changes the document. */
export function addExamples(document: Part): void {
  visit(document)
  for (const { operation } of operationsOf(document)) {
    const { operationId, requestBody } = operation
    const content = isPart(requestBody) && isPart(requestBody['content']) ? requestBody['content'] : {}
    const json = content['application/json']
    if (!isPart(json)) continue
    json['example'] ??= bodies[String(operationId)] ?? requiredOf(document, json['schema'])
  }
}

function visit(node: unknown): void {
  if (Array.isArray(node)) return node.forEach(visit)
  if (!isPart(node)) return
  const { properties } = node
  if (isPart(properties)) {
    for (const [name, schema] of Object.entries(properties)) {
      if (isPart(schema) && schema['example'] === undefined && schema['$ref'] === undefined) {
        const example = exampleOf(name, schema)
        if (example !== undefined) schema['example'] = example
      }
    }
  }
  for (const [key, child] of Object.entries(node)) if (key !== 'example') visit(child)
}

/** A value that a schema accepts; undefined where it is described by the schemas that it refers to. */
function exampleOf(name: string, schema: Part): unknown {
  const types = [schema['type']].flat().filter((type) => type !== 'null')
  const named = values[name]
  if (named !== undefined && (named === null || types.length === 0 || types.includes(typeOf(named))) && schema['enum'] === undefined)
    return named
  if (Array.isArray(schema['enum'])) return schema['enum'].find((value) => value !== null)
  for (const union of [schema['anyOf'], schema['oneOf']]) {
    const first = Array.isArray(union) ? union.find((each) => isPart(each) && each['type'] !== 'null') : undefined
    if (isPart(first)) return first['$ref'] === undefined ? exampleOf(name, first) : undefined
  }
  if (schema['default'] !== undefined) return schema['default']
  if (types.includes('boolean')) return true
  if (types.includes('integer') || types.includes('number')) return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1
  if (types.includes('array')) return itemsOf(name, schema['items'])
  if (types.includes('object')) return isPart(schema['properties']) ? undefined : {}
  if (!types.includes('string')) return undefined
  return isTime(name, schema) ? '2026-03-01T09:30:00.000Z' : name.replaceAll('_', ' ')
}

function itemsOf(name: string, items: unknown): unknown {
  if (!isPart(items) || items['$ref'] !== undefined || isPart(items['properties'])) return undefined
  const item = exampleOf(name.replace(/s$/, ''), items)
  return item === undefined ? undefined : [item]
}

function isTime(name: string, schema: Part): boolean {
  return schema['format'] === 'date-time' || /_(?:at|after|before|until)$/.test(name)
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value
}

/** An object of the required fields of a schema. */
function requiredOf(document: Part, schema: unknown): Part {
  const resolved = resolve(document, schema)
  const { required, properties } = resolved
  if (!Array.isArray(required) || !isPart(properties)) return {}
  return Object.fromEntries(
    required.map((name) => {
      const property = resolve(document, properties[String(name)])
      return [String(name), property['example'] ?? (isPart(property['properties']) ? requiredOf(document, property) : [])]
    }),
  )
}
