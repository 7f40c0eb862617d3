import { type RefObject, useEffect, useRef, useState } from 'react'
import { focusPlace } from './focus-place.ts'

/** A list that shows its first items until all are requested; focus then moves to the first item added. */
export function useShowMore(shownFirst: number): {
  list: RefObject<HTMLUListElement | null>
  all: boolean
  showAll: () => void
} {
  const list = useRef<HTMLUListElement>(null)
  const [all, setAll] = useState(false)
  useEffect(() => {
    const added = all && list.current?.children[shownFirst]
    if (added instanceof HTMLElement) focusPlace(added)
  }, [all, shownFirst])
  return { list, all, showAll: () => setAll(true) }
}
