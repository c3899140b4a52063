/**
 * Takes the first part of a text beforehand, so that what goes wrong there is a refusal and not half a file. The result has started: returning from it
 * ends the parts, even if nothing was taken from it. A generator that has not started ends without its `finally`, and what it was to end goes on.
 */
export async function prime(parts: AsyncGenerator<string>): Promise<AsyncGenerator<string>> {
  const whole = withFirst(parts)
  await whole.next()
  return whole
}

async function* withFirst(parts: AsyncGenerator<string>): AsyncGenerator<string> {
  try {
    const first = await parts.next()
    // This one is taken by `prime`.
    yield ''
    if (first.done === true) return
    yield first.value
    yield* parts
  } finally {
    await parts.return(undefined)
  }
}

/** A text between others. Nothing is yielded before its first part is read, so that {@link prime} waits for it. */
export async function* within(before: string, parts: AsyncGenerator<string>, after: string): AsyncGenerator<string> {
  let unwritten = before
  for await (const part of parts) {
    yield unwritten + part
    unwritten = ''
  }
  if (unwritten + after !== '') yield unwritten + after
}
