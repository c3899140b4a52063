import { expect, test } from 'vitest'
import { salesforceKey } from '../../src/kernel/salesforce-ids.ts'

test.each([
  ['001A000010khO8J', '001A000010khO8JIAU'],
  ['a0D30000001n7Pi', 'a0D30000001n7PiEAI'],
  ['a0RE000000IJmcN', 'a0RE000000IJmcNMAT'],
  ['001A000010khO8JIAU', '001A000010khO8JIAU'],
  // What a tool makes of it that does not keep capitals apart.
  ['001a000010kho8jiau', '001A000010khO8JIAU'],
  ['A0RE000000IJMCNMAT', 'a0RE000000IJmcNMAT'],
  // No checksum: a digit is no capital, and 6 to 9 stand for nothing.
  ['000000000000000BAA', '000000000000000BAA'],
  ['001A000010khO8JIA9', '001A000010khO8JIA9'],
  ['003-1', '003-1'],
])('%s is compared as %s', (id, key) => {
  expect(salesforceKey(id)).toBe(key)
})
