'use client'

import { Select as Base } from '@base-ui/react/select'
import { Check } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx.ts'
import { type PickerOption, pickerItemClass } from './picker-trigger.tsx'
import { takeFocus } from './use-lazy-popup.ts'

export type SelectProps<V extends string> = {
  options: readonly PickerOption<V>[]
  /** Empty if nothing is chosen. */
  value: V | ''
  onValueChange: (value: V) => void
  /** Shown while nothing is chosen. */
  placeholder?: string
  /** Gray text before the value ("Region"). */
  prefix?: ReactNode
  /** The accessible name, if no `Field` provides one. */
  label?: string
  /** Submits the value with a plain form. */
  name?: string
  /** As wide as its text instead of the whole field. */
  fit?: boolean
  /** A set filter: tinted, and with a × if `clear` is given. */
  active?: boolean
  clear?: { label: string; onClear: () => void }
}

/** The lazily loaded part of `Select`; it mounts open. */
export function SelectPopup<V extends string>({
  options,
  value,
  onValueChange,
  trigger,
  container,
}: SelectProps<V> & { trigger: ComponentProps<'button'>; container: HTMLElement }) {
  return (
    <Base.Root<V>
      defaultOpen
      items={options}
      value={value === '' ? null : value}
      onValueChange={(next) => next !== null && onValueChange(next)}
    >
      <Base.Trigger ref={takeFocus} {...trigger} />
      <Base.Portal container={container}>
        {/* The built-in backdrop leaves a hole over the trigger; without one, a click there closes the list as well. */}
        <Base.Backdrop className="fixed inset-0" />
        <Base.Positioner
          sideOffset={4}
          align="start"
          collisionPadding={8}
          alignItemWithTrigger={false}
          positionMethod="fixed"
          className="z-50 outline-none"
        >
          <Base.Popup className="popup popup-motion max-h-(--available-height) max-w-(--available-width) min-w-(--anchor-width) overflow-y-auto rounded-card p-1 outline-none">
            {options.map((option) => (
              <Base.Item
                key={option.value}
                value={option.value}
                className={cx(pickerItemClass, 'data-selected:bg-accentSoft')}
              >
                <span className="grid size-4 shrink-0 place-items-center">
                  <Base.ItemIndicator>
                    <Check className="text-accentText" />
                  </Base.ItemIndicator>
                </span>
                <Base.ItemText className="min-w-0 wrap-anywhere">{option.label}</Base.ItemText>
                {option.note && <span className="ml-auto pl-4 text-text3 tabular-nums">{option.note}</span>}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
