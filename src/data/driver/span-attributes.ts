import type { Attributes } from '@opentelemetry/api'
import type pg from 'pg'

/** What the spans of statements say about the database that a pool is connected to, by OpenTelemetry's conventions for databases. */
export function spanAttributesOf({ options }: pg.Pool): Attributes {
  const { connectionString } = options
  const system = { 'db.system.name': 'postgresql' }
  if (typeof connectionString !== 'string' || !URL.canParse(connectionString)) return { ...system, 'db.namespace': 'embedded' }
  const { hostname, port, pathname } = new URL(connectionString)
  return {
    ...system,
    'db.namespace': decodeURIComponent(pathname.slice(1)),
    ...(hostname !== '' && { 'server.address': hostname, 'server.port': Number(port || 5432) }),
  }
}
