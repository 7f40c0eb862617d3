'use client'

import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { pickerItemClass } from './picker-trigger.tsx'
import { takeFocus } from './use-lazy-popup.ts'

export type MenuEntry =
  | { kind: 'separator'; key: string }
  /** Gray text above the entries that follow. */
  | { kind: 'heading'; key: string; text: ReactNode }
  | {
      kind?: 'item'
      key: string
      text: ReactNode
      icon?: ReactNode
      /** Gray text at the right end. */
      note?: ReactNode
      onSelect?: () => void
      /** An element without children that makes the entry a link: `<a href="…" />` or the router's own. */
      link?: ReactElement<Record<string, unknown>>
      /** For entries of which one is selected: draws the check mark and exposes the state. */
      checked?: boolean
    }

export type MenuProps = {
  entries: readonly MenuEntry[]
  /** The accessible name of the button, if its children do not provide one. */
  label?: string
  /** Usually from `buttonClass`. */
  triggerClass: string
  align?: 'start' | 'end'
  /** Shown above the entries and cannot be chosen, such as who is signed in. */
  head?: ReactNode
  /** The content of the button. */
  children: ReactNode
}

/** The lazily loaded part of `Menu`; it mounts open. */
export function MenuPopup({
  entries,
  label,
  triggerClass,
  align = 'end',
  head,
  children,
  container,
}: MenuProps & { container: HTMLElement }) {
  return (
    <Base.Root defaultOpen>
      <Base.Trigger ref={takeFocus} aria-label={label} className={triggerClass}>
        {children}
      </Base.Trigger>
      <Base.Portal container={container}>
        <Base.Positioner
          sideOffset={4}
          align={align}
          positionMethod="fixed"
          collisionPadding={8}
          className="z-50 outline-none"
        >
          <Base.Popup className="popup popup-motion max-h-(--available-height) max-w-[min(24rem,var(--available-width))] min-w-44 overflow-y-auto rounded-card p-1 text-text outline-none">
            {head && <div className="mb-1 border-b border-line px-2 pt-1.5 pb-2.5">{head}</div>}
            {entries.map((entry) => (
              <Entry key={entry.key} entry={entry} />
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

function Entry({ entry }: { entry: MenuEntry }) {
  if (entry.kind === 'separator') return <Base.Separator className="mx-2 my-1 h-px bg-line" />
  if (entry.kind === 'heading') {
    return <p className="px-2 pt-2 pb-1 text-caption font-medium text-text3">{entry.text}</p>
  }
  const face = (
    <>
      {entry.icon && <span className="flex text-text2">{entry.icon}</span>}
      <span className="min-w-0 wrap-anywhere">{entry.text}</span>
      {entry.note && <span className="ml-auto pl-4 text-small text-text3">{entry.note}</span>}
      {entry.checked && <Check className="ml-auto text-accentText" />}
    </>
  )
  if (entry.link) {
    return (
      <Base.LinkItem closeOnClick render={entry.link} className={pickerItemClass} onClick={entry.onSelect}>
        {face}
      </Base.LinkItem>
    )
  }
  if (entry.checked !== undefined) {
    return (
      <Base.CheckboxItem
        closeOnClick
        checked={entry.checked}
        className={pickerItemClass}
        onClick={entry.onSelect}
      >
        {face}
      </Base.CheckboxItem>
    )
  }
  return (
    <Base.Item className={pickerItemClass} onClick={entry.onSelect}>
      {face}
    </Base.Item>
  )
}
