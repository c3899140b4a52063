/**
 * The name that a mistyped one was most likely meant to be: the closest of the known ones by insertions, deletions, replacements and swaps of
 * neighbours, without regard to case and separators. Null if none is close.
 * @param most how many letters may differ. Default: a third of them
 */
export function closest(text: string, known: readonly string[], most?: number): string | null {
  const wanted = plain(text)
  if (wanted === '' || wanted.length > longest) return null
  let best: { readonly name: string; readonly distance: number } | null = null
  for (const name of known) {
    const distance = distanceOf(wanted, plain(name))
    if (distance <= (most ?? allowed(wanted)) && (best === null || distance < best.distance)) best = { name, distance }
  }
  return best?.name ?? null
}

/** " Did you mean email?" for a message; empty if no known name is close. */
export function didYouMean(text: string, known: readonly string[]): string {
  const name = closest(text, known)
  return name === null ? '' : ` Did you mean ${name}?`
}

/** Names are short; what is longer is no slip of the finger, and costs too much to compare. */
const longest = 64

/** A third of the letters, so that short names are not taken for each other. */
function allowed(wanted: string): number {
  return Math.max(1, Math.floor(wanted.length / 3))
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_.-]/g, '')
}

/** The optimal string alignment distance. */
function distanceOf(one: string, other: string): number {
  let [before, previous]: [number[], number[]] = [[], Array.from({ length: other.length + 1 }, (_, index) => index)]
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1]
      const isSwap = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      current.push(
        Math.min(
          at(previous, column) + 1,
          at(current, column - 1) + 1,
          at(previous, column - 1) + (isSame ? 0 : 1),
          isSwap ? at(before, column - 2) + 1 : Infinity,
        ),
      )
    }
    ;[before, previous] = [previous, current]
  }
  return at(previous, other.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity
}
