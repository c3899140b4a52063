const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'

/**
 * The 18 characters under which Salesforce knows a record, by its 15 or 18 characters; any other text stays. The last three characters say which
 * of the first fifteen are capitals, five each, the first in the lowest bit: so tools that do not keep capitals apart can compare ids.
 */
export function salesforceKey(id: string): string {
  if (/^[A-Za-z0-9]{15}$/.test(id)) return id + checksum(id)
  if (!/^[A-Za-z0-9]{15}[A-Za-z0-5]{3}$/.test(id)) return id
  const capitals = id.slice(15).toUpperCase()
  const record = Array.from(id.slice(0, 15), (sign, index) => {
    const bits = signs.indexOf(capitals[Math.floor(index / 5)] ?? '')
    return (bits >> (index % 5)) & 1 ? sign.toUpperCase() : sign.toLowerCase()
  }).join('')
  // A capital digit: the end is no checksum.
  return checksum(record) === capitals ? record + capitals : id
}

function checksum(id: string): string {
  return [0, 5, 10]
    .map((start) => {
      const isCapital = Array.from(id.slice(start, start + 5), (sign) => /[A-Z]/.test(sign))
      return signs[isCapital.reduce((bits, capital, index) => (capital ? bits | (1 << index) : bits), 0)]
    })
    .join('')
}
