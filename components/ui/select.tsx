'use client'

import { X } from 'lucide-react'
import { useId } from 'react'
import { useFieldControl } from './field.tsx'
import { PickerFace, pickerTriggerClass } from './picker-trigger.tsx'
import type { SelectProps } from './select-popup.tsx'
import { useLazyPopup } from './use-lazy-popup.ts'

const load = () => import('./select-popup.tsx')

/** A choice from a list. The list itself is loaded when it is first needed. */
export function Select<V extends string>(props: SelectProps<V>) {
  const { options, value, placeholder, prefix, label, name, fit = false, active = false, clear } = props
  const { popup, triggerProps } = useLazyPopup(load)
  const ownId = useId()
  const field = useFieldControl()
  const trigger = {
    id: ownId,
    'aria-label': label,
    ...field,
    className: pickerTriggerClass({ fit, active, clearable: clear !== undefined }),
    children: (
      <PickerFace
        option={options.find((option) => option.value === value)}
        placeholder={placeholder}
        prefix={prefix}
        active={active}
        chevron={!clear}
      />
    ),
  }
  return (
    <span className={fit ? 'relative inline-flex max-w-full' : 'relative flex'}>
      {name && <input type="hidden" name={name} value={value} />}
      {popup ? (
        <popup.SelectPopup {...props} trigger={trigger} container={popup.container} />
      ) : (
        <button
          type="button"
          role="combobox"
          aria-haspopup="listbox"
          aria-expanded={false}
          {...triggerProps}
          {...trigger}
        />
      )}
      {clear && (
        <button
          type="button"
          aria-label={clear.label}
          onClick={({ currentTarget }) => {
            clear.onClear()
            // This button disappears.
            currentTarget.parentElement?.querySelector<HTMLElement>('[role=combobox]')?.focus()
          }}
          className="absolute inset-y-0 right-1 my-auto grid size-6 place-items-center rounded-tag text-accentText hover:bg-accentLine"
        >
          <X />
        </button>
      )}
    </span>
  )
}
