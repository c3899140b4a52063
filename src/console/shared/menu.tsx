import { type ReactNode, useRef } from 'react'

interface MenuProps {
  readonly label: string
  /** The buttons. Each closes the menu. */
  readonly children: ReactNode
}

/** Further actions behind one button. */
export function Menu({ label, children }: MenuProps) {
  const menu = useRef<HTMLDetailsElement>(null)
  const close = (): void => {
    if (menu.current !== null) menu.current.open = false
  }
  return (
    <details
      ref={menu}
      className="menu"
      onBlur={({ currentTarget, relatedTarget }) => !currentTarget.contains(relatedTarget) && close()}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || menu.current?.open !== true) return
        // Escape leads back to the list otherwise.
        event.preventDefault()
        close()
        menu.current.querySelector('summary')?.focus()
      }}
    >
      <summary aria-label={label} title={label}>
        ⋯
      </summary>
      <div className="menu-list" onClick={close}>
        {children}
      </div>
    </details>
  )
}
