import type { ReactNode } from 'react'

/** The entries of a list of facts, without those that are not known. */
export function Facts({ facts }: { readonly facts: readonly (readonly [string, ReactNode])[] }) {
  return facts.map(
    ([name, value]) =>
      value !== null && (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="break">{value}</dd>
        </div>
      ),
  )
}
