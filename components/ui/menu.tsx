'use client'

import type { ReactElement, ReactNode } from 'react'
import { useLazyPopup } from './use-lazy-popup.ts'

const load = () => import('./menu-popup.tsx')

export type MenuEntry =
  | { kind: 'separator'; key: string }
  /** Grey words over the entries below. */
  | { kind: 'heading'; key: string; text: ReactNode }
  | {
      kind?: 'item'
      key: string
      text: ReactNode
      icon?: ReactNode
      /** Grey words at the right end. */
      note?: ReactNode
      onSelect?: () => void
      /** An element without children that makes the entry a link: `<a href="…" />` or the router's own. */
      link?: ReactElement<Record<string, unknown>>
      /** For entries of which one holds: draws the check and says so. */
      checked?: boolean
    }

export type MenuProps = {
  entries: readonly MenuEntry[]
  /** The name of the button where its children do not say it. */
  label?: string
  /** Mostly from `buttonClass`. */
  triggerClass: string
  align?: 'start' | 'end'
  /** What stands above the entries and cannot be chosen, such as who is signed in. */
  head?: ReactNode
  /** The face of the button. */
  children: ReactNode
}

/** A button with acts behind it. The menu is loaded when it is first needed. */
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
