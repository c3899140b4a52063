import { join } from 'node:path'
import { contactAs, entryAs, type OperationName, type Question, searchedTexts, type Subjects, type Target } from '../operations.ts'

/** Hand-written SQL that answers with JSON text, from a bare server: as fast as it gets, and with nothing of what a gateway is for. */
export const sql: Target = {
  name: 'hand-written SQL',
  program: join(import.meta.dirname, 'sql.server.js'),
  env: {},
  headers: {},
  questions({ contact, longHistory, before }: Subjects) {
    const found = (search: string) => ask('search', [`%${search}%`])
    return {
      flat: ask('flat', []),
      page25: ask('page25', []),
      page200: ask('page200', []),
      one: ask('one', [contact]),
      timeline1: ask('timeline1', [longHistory]),
      timeline1000: ask('timeline1000', [longHistory, before.at, before.id]),
      searchRare: found(searchedTexts.searchRare),
      searchCommon: found(searchedTexts.searchCommon),
      searchTwo: found(searchedTexts.searchTwo),
      searchPhone: ask('searchDigits', [`%${searchedTexts.searchPhone}%`]),
      filter: ask('filter', [['vip', 'beta'], 'customer']),
      createNote: ask('createNote', [contact, 'Called back: all is well.']),
    }
  },
  read(name: OperationName, answer: any) {
    if (name === 'createNote') return { written: typeof answer.id === 'string' }
    if (name === 'timeline1' || name === 'timeline1000') return { timeline: answer.timeline.map(entryAs) }
    return { contacts: (name === 'one' ? [answer] : answer).map(contactAs) }
  },
}

function ask(name: string, values: readonly unknown[]): Question {
  const body = JSON.stringify(values)
  return { method: 'POST', path: `/${name}`, body: () => body }
}
