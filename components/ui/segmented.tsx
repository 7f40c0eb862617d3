'use client'

import { type ReactNode, useId } from 'react'
import { cx } from './cx.ts'
import { useFieldGroup } from './field.tsx'
import { useHydrated } from './use-hydrated.ts'

/** A few options side by side; real radio buttons underneath, so it also works in a plain form. */
export function Segmented<V extends string>({
  options,
  value,
  defaultValue,
  onValueChange,
  name,
  label,
  className,
}: {
  options: readonly { value: V; label: ReactNode }[]
  value?: V
  defaultValue?: V
  onValueChange?: (value: V) => void
  name?: string
  /** The accessible name of the group, if no `Field` provides one. */
  label?: string
  className?: string
}) {
  const ownName = useId()
  const field = useFieldGroup()
  const hydrated = useHydrated()
  return (
    <div
      role="radiogroup"
      aria-label={label}
      {...field}
      className={cx('flex min-h-8.5 rounded-control bg-sunken max-md:min-h-10', className)}
    >
      {options.map((option) => (
        <label
          key={option.value}
          className={cx(
            'relative flex flex-1 items-center justify-center rounded-control border border-transparent px-3.5 py-1 text-center text-table font-medium text-text2 transition-colors',
            'hover:text-text has-checked:border-control has-checked:bg-surface has-checked:text-text',
            'has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus',
          )}
        >
          <input
            type="radio"
            className="absolute inset-0 appearance-none outline-none"
            name={name ?? ownName}
            value={option.value}
            // A choice made before scripts run would look chosen, but no handler would have been called.
            disabled={!hydrated}
            {...(value === undefined
              ? { defaultChecked: option.value === defaultValue }
              : { checked: option.value === value })}
            onChange={() => onValueChange?.(option.value)}
          />
          {option.label}
        </label>
      ))}
    </div>
  )
}
