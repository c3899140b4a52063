import { Dialog } from './dialog.tsx'
import { text } from './text.ts'

/** A dialog with the keys of the console. */
export function KeyList({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={text.help.heading} isOpen onClose={onClose}>
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
