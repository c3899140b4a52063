import { useState } from 'react'
import { Dialog } from './dialog.tsx'
import { useKeys } from './keyboard.ts'
import { text } from './text.ts'

/** The list of keys, opened with `?`. */
export function Help() {
  const [isOpen, setIsOpen] = useState(false)
  useKeys({ '?': () => setIsOpen(true) })
  return (
    <Dialog title={text.help.heading} isOpen={isOpen} onClose={() => setIsOpen(false)}>
      <dl className="keys">
        {text.help.keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
