import type { Channel, MessageCategory } from '../generated/operations.ts'

export const channels: readonly Channel[] = [
  'EMAIL',
  'SMS',
  'WHATSAPP',
  'VOICE',
  'PUSH',
  'RCS',
  'MESSENGER',
  'INSTAGRAM',
  'VIBER',
  'LINE',
  'FAX',
]

export const categories: readonly MessageCategory[] = ['MARKETING', 'SERVICE', 'TRANSACTIONAL']
