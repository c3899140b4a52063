import * as Radix from '@radix-ui/react-dialog'
import type { ReactNode } from 'react'
import { text } from './text.ts'

/** A modal dialog that traps the focus and returns it. */
export function Dialog({
  title,
  isOpen,
  onClose,
  isWide = false,
  children,
}: {
  readonly title: string
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly isWide?: boolean
  readonly children: ReactNode
}) {
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="overlay" />
        <Radix.Content className={isWide ? 'dialog wide' : 'dialog'} aria-describedby={undefined} onOpenAutoFocus={focusContent}>
          <Radix.Title>{title}</Radix.Title>
          {children}
          <Radix.Close className="close" aria-label={text.states.close}>
            ×
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** A time shows more when it has the focus, and would cover what the dialog begins with. */
function focusContent(event: Event): void {
  const dialog = event.currentTarget
  if (!(dialog instanceof HTMLElement) || dialog.querySelector('input, select, textarea, button, a, summary, time')?.tagName !== 'TIME')
    return
  event.preventDefault()
  dialog.focus()
}
