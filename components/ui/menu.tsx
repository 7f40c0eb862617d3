'use client'

import type { MenuProps } from './menu-popup.tsx'
import { useLazyPopup } from './use-lazy-popup.ts'

const load = () => import('./menu-popup.tsx')

/** A button that opens a menu of actions. The menu is loaded when it is first needed. */
export function Menu(props: MenuProps) {
  const { popup, triggerProps } = useLazyPopup(load)
  if (popup) return <popup.MenuPopup {...props} container={popup.container} />
  return (
    <button
      type="button"
      aria-haspopup="menu"
      aria-expanded={false}
      aria-label={props.label}
      {...triggerProps}
      className={props.triggerClass}
    >
      {props.children}
    </button>
  )
}
