import { closest } from '../kernel/did-you-mean.ts'

/** Shorter names are too close to those of other programs. */
const shortest = 6

/** A sentence for each variable of the environment that is not one of the gateway's and differs from one by a letter or two. */
export function mistypedVariables(env: Readonly<Record<string, string | undefined>>, variables: readonly string[]): string[] {
  return Object.keys(env)
    .filter((name) => name.length >= shortest && !variables.includes(name))
    .flatMap((name) => {
      const meant = closest(name, variables, name.length < 9 ? 1 : 2)
      return meant === null || env[meant] !== undefined
        ? []
        : [`${name} is not a variable of the gateway and is ignored. Did you mean ${meant}?`]
    })
}
