import type { CombinedError } from '@urql/core'
import type { ReactNode } from 'react'
import { text } from './text.ts'

/** Grey lines in the place of content that is being loaded. */
export function Skeleton({ lines = 3 }: { readonly lines?: number }) {
  return (
    <div className="skeleton" aria-busy="true" aria-label={text.states.loading}>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} style={{ width: `${90 - ((index * 17) % 40)}%` }} />
      ))}
    </div>
  )
}

export function Empty({ children }: { readonly children: ReactNode }) {
  return <p className="empty">{children}</p>
}

/** The API's own sentence, its code, the request id, and a way to try again. */
export function Failure({ error, retry }: { readonly error: CombinedError; readonly retry?: () => void }) {
  const [first] = error.graphQLErrors
  const code = first?.extensions['code']
  const response: unknown = error.response
  const requestId = response instanceof Response ? response.headers.get('x-request-id') : null
  return (
    <div className="failure" role="alert">
      <p>{first?.message ?? error.networkError?.message ?? text.states.failed}</p>
      <p className="soft">
        {typeof code === 'string' && <code>{code}</code>}
        {requestId !== null && (
          <>
            {' '}
            {text.states.requestId} <code>{requestId}</code>
          </>
        )}
      </p>
      {retry && (
        <button type="button" onClick={retry}>
          {text.states.retry}
        </button>
      )}
    </div>
  )
}

/** The sentence of a refusal of the REST API. */
export function Refusal({ message }: { readonly message: string }) {
  return (
    <p className="failure" role="alert">
      {message}
    </p>
  )
}
