import { type ReactNode, useRef } from 'react'

interface MenuProps {
  readonly label: string
  /** What the button shows. Default: its label. */
  readonly sign?: string
  /** Whether a click on something in it leaves it open. Default: it closes. */
  readonly staysOpen?: boolean
  readonly children: ReactNode
}

/** Further actions or choices behind one button. */
export function Menu({ label, sign, staysOpen = false, children }: MenuProps) {
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
      <summary {...(sign !== undefined && { 'aria-label': label, title: label })}>{sign ?? label}</summary>
      {/* With a tab index, a click on a label keeps the focus inside. */}
      <div className="menu-list" tabIndex={-1} {...(staysOpen ? { role: 'group', 'aria-label': label } : { onClick: close })}>
        {children}
      </div>
    </details>
  )
}
