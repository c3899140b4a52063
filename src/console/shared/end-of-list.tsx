import { useEffect, useRef } from 'react'

interface EndOfListProps {
  readonly label: string
  readonly onSeen: () => void
}

/** Reports that the end of a list comes into view, and is a button for readers who do not scroll. */
export function EndOfList({ label, onSeen }: EndOfListProps) {
  const element = useRef<HTMLButtonElement>(null)
  const latest = useRef(onSeen)
  useEffect(() => {
    latest.current = onSeen
  })
  useEffect(() => {
    if (element.current === null) return
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting === true && latest.current(), { rootMargin: '400px' })
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [])
  return (
    <button ref={element} type="button" className="link" onClick={onSeen}>
      {label}
    </button>
  )
}
