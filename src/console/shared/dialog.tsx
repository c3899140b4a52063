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
        <Radix.Content className={isWide ? 'dialog wide' : 'dialog'} aria-describedby={undefined}>
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
