import { stringifyVariables } from '@urql/core'
import { hashes } from '../generated/hashes.ts'
import { credentialHeaders } from './session.ts'

declare global {
  interface Window {
    /** Responses to requests that were sent ahead of the client, until it takes them, by credential and body. */
    earlyResponses?: Map<string, Promise<Response>>
  }
}

/** The parts of a request by which the gateway knows a trusted document. */
export function trusted(hash: string): { readonly persistedQuery: { readonly version: 1; readonly sha256Hash: string } } {
  return { persistedQuery: { version: 1, sha256Hash: hash } }
}

/** Sends the request of an operation as the client will, which then takes the response. */
export function sendEarly(credential: string, operationName: string, variables?: Readonly<Record<string, unknown>>): void {
  const hash = hashes[operationName]
  if (hash === undefined) return
  const body = stringifyVariables({ operationName, variables, extensions: trusted(hash) })
  const headers = { ...credentialHeaders(credential), accept: 'application/graphql-response+json', 'content-type': 'application/json' }
  const response = fetch('/graphql', { method: 'POST', headers, body })
  // The client reports what went wrong, when it takes the response.
  response.catch(() => undefined)
  window.earlyResponses ??= new Map()
  window.earlyResponses.set(keyOf(credential, body), response)
}

/** `fetch` for the client of a credential: each response that is there already is taken once. */
export function fetchAfter(credential: string): typeof fetch {
  return (input, init) => {
    const key = typeof init?.body === 'string' ? keyOf(credential, init.body) : ''
    const early = window.earlyResponses?.get(key)
    window.earlyResponses?.delete(key)
    return early ?? fetch(input, init)
  }
}

function keyOf(credential: string, body: string): string {
  return `${credential}\n${body}`
}
