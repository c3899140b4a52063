const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')

/**
 * The time that a text or a number names: ISO 8601, `2024-02-03 10:00 UTC`, `3.2.2024`, `Feb 3, 2024`, seconds or milliseconds since 1970.
 * Without an offset it is UTC. Null for what is no date, and for one that could be read in two ways (`03/04/2024`).
 */
export function parseDate(given: unknown): Date | null {
  if (typeof given === 'number') return ofNumber(given)
  if (typeof given !== 'string') return null
  const text = given.trim()
  if (text.length > 40) return null
  if (/^\d{10}(?:\d{3})?$/.test(text)) return ofNumber(Number(text))
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ,]+(.*))?$/.exec(text)
  if (iso !== null) return made(iso[1], iso[2], iso[3], iso[4])
  const local = /^(\d{1,2})([./-])(\d{1,2})[./-](\d{4})(?:[T ,]+(.*))?$/.exec(text)
  if (local !== null) {
    const [, one = '', mark = '', two = '', year, time] = local
    // Points are written day first; slashes either way, so that one of the numbers must be too large for a month.
    if (mark === '.' || Number(one) > 12 || one === two) return made(year, two, one, time)
    return Number(two) > 12 ? made(year, one, two, time) : null
  }
  const named =
    /^(?:[a-z]{3,9},?\s+)?(?:(\d{1,2})\.?\s+([a-z]{3,9})\.?|([a-z]{3,9})\.?\s+(\d{1,2}),?),?\s+(\d{4})(?:[T ,]+(?:at\s+)?(.*))?$/i.exec(
      text,
    )
  if (named === null) return null
  const month = months.indexOf((named[2] ?? named[3] ?? '').slice(0, 3).toLowerCase()) + 1
  return month === 0 ? null : made(named[5], String(month), named[1] ?? named[4], named[6])
}

function ofNumber(value: number): Date | null {
  if (!Number.isFinite(value) || value < 1e8 || value > 4e12) return null
  return new Date(value < 1e11 ? value * 1000 : value)
}

function made(year = '', month = '', day = '', time = ''): Date | null {
  const parts =
    /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(am|pm)?\s*(z|utc|gmt|[+-]\d{2}:?\d{2}|(?:utc|gmt)[+-]\d{1,2}:?\d{0,2})?$/i.exec(
      time.trim(),
    )
  if (time.trim() !== '' && parts === null) return null
  const [, hour = '0', minute = '0', second = '0', fraction = '', half = '', zone = ''] = parts ?? []
  const hours = half === '' ? Number(hour) : (Number(hour) % 12) + (/pm/i.test(half) ? 12 : 0)
  const [y, m, d] = [Number(year), Number(month), Number(day)]
  if (m < 1 || m > 12 || d < 1 || d > 31 || hours > 24 || Number(minute) > 59) return null
  const utc = Date.UTC(y, m - 1, d, hours, Number(minute), Number(second), Number(fraction.padEnd(3, '0').slice(0, 3)))
  if (new Date(Date.UTC(y, m - 1, d)).getUTCDate() !== d) return null
  const offset = /([+-])(\d{1,2}):?(\d{2})?$/.exec(zone)
  const minutes = offset === null ? 0 : (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3] ?? 0))
  const date = new Date(utc - minutes * 60_000)
  return Number.isNaN(date.getTime()) ? null : date
}
