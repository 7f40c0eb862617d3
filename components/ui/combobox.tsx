'use client'

import { useId } from 'react'
import { useFieldControl } from './field.tsx'
import { PickerFace, type PickerOption, pickerTriggerClass } from './picker-trigger.tsx'
import { useLazyPopup } from './use-lazy-popup.ts'

const load = () => import('./combobox-popup.tsx')

export type ComboboxProps<V extends string> = {
  options: readonly PickerOption<V>[]
  /** Empty: nothing chosen. */
  value: V | ''
  onValueChange: (value: V) => void
  placeholder?: string
  /** The name where no `Field` gives one. */
  label?: string
  /** Names the search field in the popup, and stands in it. */
  searchLabel: string
  /** What else an option is found by; fetched when the list opens. One function for the life of the page. */
  loadKeywords?: () => Promise<(value: V) => readonly string[]>
  /** When nothing matches the search. */
  emptyText: string
  /** Options that are not offered, with the reason: shown to whoever searches for one. */
  absent?: readonly (PickerOption<V> & { reason: string })[]
  /** Sends the value with a plain form. */
  name?: string
}

/** One of a long list, found by label, note or keywords. The list is loaded when first needed. */
export function Combobox<V extends string>(props: ComboboxProps<V>) {
  const { options, value, placeholder, label, name } = props
  const { popup, triggerProps } = useLazyPopup(load)
  const ownId = useId()
  const field = useFieldControl()
  const trigger = {
    id: ownId,
    'aria-label': label,
    ...field,
    className: pickerTriggerClass({ fit: false, active: false, clearable: false }),
    children: (
      <PickerFace option={options.find((option) => option.value === value)} placeholder={placeholder} />
    ),
  }
  return (
    <span className="relative flex">
      {name && <input type="hidden" name={name} value={value} />}
      {popup ? (
        <popup.ComboboxPopup {...props} trigger={trigger} container={popup.container} />
      ) : (
        <button
          type="button"
          role="combobox"
          aria-haspopup="dialog"
          aria-expanded={false}
          {...triggerProps}
          {...trigger}
        />
      )}
    </span>
  )
}
