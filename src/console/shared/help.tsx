import { lazy, Suspense, useState } from 'react'
import { useKeys } from './keyboard.ts'

const KeyList = lazy(() => import('./key-list.tsx').then((module) => ({ default: module.KeyList })))

/** The list of keys, opened with `?`. */
export function Help() {
  const [isOpen, setIsOpen] = useState(false)
  useKeys({ '?': () => setIsOpen(true) })
  return isOpen ? (
    <Suspense fallback={null}>
      <KeyList onClose={() => setIsOpen(false)} />
    </Suspense>
  ) : null
}
