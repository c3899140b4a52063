import type { AnyVariables, CombinedError, TypedDocumentNode } from '@urql/core'
import { useState } from 'react'
import { useMutation } from 'urql'
import { Failure } from './states.tsx'

/** Why a mutation did not happen: the sentence of a refusal, or a failed request. */
export interface Refused {
  readonly code: string | null
  readonly message: string
  /** What is wrong, field by field, where several are. */
  readonly faults: readonly { readonly field: string | null; readonly message: string }[]
}

export interface Action<Data, Variables> {
  /** @returns what the mutation answered, or null if it was refused or failed */
  readonly run: (variables: Variables) => Promise<Data | null>
  readonly refused: Refused | null
  readonly error: CombinedError | undefined
  readonly isBusy: boolean
  /** Forgets the refusal. */
  readonly reset: () => void
}

/** Runs a mutation and keeps the reason if the API refuses it. */
export function useAction<Data extends object, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
): Action<Data, Variables> {
  const [{ error, fetching }, execute] = useMutation(document)
  const [refused, setRefused] = useState<Refused | null>(null)
  const run = async (variables: Variables): Promise<Data | null> => {
    setRefused(null)
    const { data } = await execute(variables)
    if (!data) return null
    const refusal = refusalIn(Object.values(data)[0])
    setRefused(refusal)
    return refusal === null ? data : null
  }
  return { run, refused, error, isBusy: fetching, reset: () => setRefused(null) }
}

/** Each mutation answers with its payload, or with a refusal that has a code and a message. */
function refusalIn(result: unknown): Refused | null {
  if (typeof result !== 'object' || result === null || !('message' in result)) return null
  // proof: only InvalidInput has `errors`, and operations select both parts of them
  const faults = 'errors' in result && Array.isArray(result.errors) ? (result.errors as Refused['faults']) : []
  return { code: 'code' in result ? String(result.code) : null, message: String(result.message), faults }
}

/** The reason why a mutation did not happen, as the API words it. */
export function ActionError({ action }: { readonly action: Pick<Action<never, never>, 'refused' | 'error'> }) {
  if (action.error) return <Failure error={action.error} />
  if (action.refused === null) return null
  const { code, message, faults } = action.refused
  return (
    <div className="failure" role="alert">
      {faults.length > 1 ? (
        <ul className="plain-list">
          {faults.map((fault) => (
            <li key={`${fault.field} ${fault.message}`}>{fault.message}</li>
          ))}
        </ul>
      ) : (
        <p>{message}</p>
      )}
      {code !== null && (
        <p className="soft">
          <code>{code}</code>
        </p>
      )}
    </div>
  )
}
