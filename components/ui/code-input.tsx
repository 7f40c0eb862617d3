'use client'

import type { ComponentProps } from 'react'
import { cx } from './cx.ts'
import { useFieldControl } from './field.tsx'

/**
 * The one-time code: one field without a length limit, since a limit would cut off a pasted "123 456" before
 * the caller could normalize it.
 */
export function CodeInput({
  className,
  ...rest
}: Omit<ComponentProps<'input'>, 'type' | 'inputMode' | 'size'>) {
  const field = useFieldControl()
  return (
    <span className={cx('control flex h-14 w-full rounded-panel', className)}>
      <input
        autoComplete="one-time-code"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        {...field}
        {...rest}
        type="text"
        inputMode="numeric"
        className="size-full min-w-0 bg-transparent px-4 text-code caret-accentText tabular-nums outline-none"
      />
    </span>
  )
}
