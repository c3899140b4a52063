import { useEffect, useRef } from 'react'

/** Runs the action of a key while no text is being typed and no dialog is open. */
export function useKeys(actions: Readonly<Record<string, () => void>>): void {
  const latest = useRef(actions)
  useEffect(() => {
    latest.current = actions
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      // A dialog that was closed with Escape has taken the key, and is gone by now.
      if (event.defaultPrevented) return
      const isSearch = (event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k'
      const name = isSearch ? '/' : event.key
      if (!isSearch && (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target))) return
      // Enter opens or presses what has the focus.
      if (name === 'Enter' && event.target instanceof Element && event.target.closest('a, button, summary') !== null) return
      const action = latest.current[name]
      if (action === undefined || document.querySelector('[role="dialog"]') !== null) return
      event.preventDefault()
      action()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}
