'use client'

import { useId } from 'react'
import type { ComboboxProps } from './combobox-popup.tsx'
import { useFieldControl } from './field.tsx'
import { PickerFace, pickerTriggerClass } from './picker-trigger.tsx'
import { useLazyPopup } from './use-lazy-popup.ts'

const load = () => import('./combobox-popup.tsx')

/**
 * A choice from a long list, found by label, note or keywords. The list is loaded when it is first needed.
 */
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
