import { InvalidInput, MissingRequiredField } from '../../kernel/errors.ts'
import { parseText } from '../../kernel/text.ts'

export const maxBodyLength = 10_000

/** Accepts the text of a note, trimmed, with its line breaks. @throws InvalidInput, MissingRequiredField */
export function parseBody(text: string | null): string {
  const body = text === null ? null : parseText(text, 'body', { max: maxBodyLength, multiline: true })
  if (body !== null) return body
  throw new MissingRequiredField('A note needs a text.', {
    field: 'body',
    value: text,
    expected: `1 to ${maxBodyLength.toLocaleString('en')} characters`,
  })
}

/** Refuses null for a field that can be omitted, but not cleared. @throws InvalidInput */
export function parsePinned(pinned: boolean | null): boolean {
  if (pinned !== null) return pinned
  throw new InvalidInput('A note is pinned or it is not.', {
    field: 'pinned',
    value: null,
    expected: 'true or false; omit it to keep the setting',
  })
}
