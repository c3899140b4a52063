/**
 * Lets a generator be ended while a consumer waits for the next value: of itself, it would end only when that has come.
 * @param end makes what it waits for come to an end
 */
export function cancellable<Item>(
  generator: AsyncGenerator<Item, void, undefined>,
  end: () => void,
): AsyncGenerator<Item, void, undefined> {
  const finish = generator.return.bind(generator)
  return Object.assign(generator, {
    return: () => {
      end()
      return finish()
    },
  })
}
