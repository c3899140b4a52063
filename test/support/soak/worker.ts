import { isDeepStrictEqual } from 'node:util'
import type { Client, Question, Answer } from './client.ts'
import type { Figures } from './figures.ts'
import type { Person } from './ledger.ts'
import { faultOfGraphQL, faultOfRest } from './shapes.ts'
import { randomFrom } from '../random.ts'

/** A person who works with contacts of its own, one request after the other, and so knows what every answer has to be. */
export class Worker {
  readonly people: Person[] = []
  readonly #name: string
  readonly #client: Client
  readonly #figures: Figures
  readonly #random: () => number
  #writes = 0
  /** Writes that were answered, with their answers, for asking them again. */
  readonly #answered: { question: Question; answer: Answer }[] = []

  constructor(name: string, client: Client, figures: Figures, seed: number) {
    this.#name = name
    this.#client = client
    this.#figures = figures
    this.#random = randomFrom(seed)
  }

  /** A unique name. */
  unique(): string {
    this.#writes += 1
    return `${this.#name}n${this.#writes}`
  }

  /** A number from 0 to just under 1. */
  random(): number {
    return this.#random()
  }

  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[Math.floor(this.random() * items.length)]
  }

  /** Asks a route, and holds its answer against the document. @returns the answer's data */
  async rest(
    method: string,
    route: string,
    given: { ids?: readonly string[]; query?: string; body?: unknown; status?: number },
  ): Promise<unknown> {
    const ids = [...(given.ids ?? [])]
    const path = `/api/v1/contacts${route.replaceAll(/\{\w+\}/g, () => ids.shift() ?? '')}${given.query ?? ''}`
    const question = { method, path, body: given.body, ...(method !== 'GET' && { key: this.unique() }) }
    const answer = await this.#ask(question)
    const fault = faultOfRest(route, method, answer.status, answer.json)
    this.expect(`${method} ${route}`, { status: answer.status, fault }, { status: given.status ?? 200, fault: null })
    return Object(answer.json)['data']
  }

  /** Executes an operation, and holds its answer against what was asked. @returns the answer's data */
  async graphql(
    query: string,
    variables: object,
    { write = false, keyed = write }: { write?: boolean; keyed?: boolean } = {},
  ): Promise<Record<string, unknown>> {
    const question = { method: 'POST', path: '/graphql', body: { query, variables }, ...(keyed && { key: this.unique() }) }
    const answer = await this.#ask(question)
    this.expect(query.slice(0, 60), { status: answer.status, fault: faultOfGraphQL(query, answer.json) }, { status: 200, fault: null })
    return Object(Object(answer.json)['data'])
  }

  /** Asks for a write again that was answered: the answer has to be the same, byte for byte. */
  async askAgain(): Promise<void> {
    const known = this.pick(this.#answered)
    if (known === undefined) return
    const { status, text, replayed } = await this.#client.ask(known.question)
    const { answer, question } = known
    this.expect(
      `${question.method} ${question.path} again`,
      { status, text, replayed },
      { status: answer.status, text: answer.text, replayed: true },
    )
  }

  /** Writes a fault down unless the two are equal. */
  expect(what: string, found: unknown, wanted: unknown): void {
    if (!isDeepStrictEqual(found, wanted)) this.#figures.broken(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`)
  }

  async #ask(question: Question): Promise<Answer> {
    const answer = await this.#client.ask(question)
    if (question.key !== undefined) {
      this.#answered.push({ question, answer })
      if (this.#answered.length > 20) this.#answered.shift()
    }
    return answer
  }
}
