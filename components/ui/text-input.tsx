'use client'

import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx.ts'
import { useFieldControl } from './field.tsx'

type TextInputProps = Omit<ComponentProps<'input'>, 'size'> & {
  /** For IDs and values that are sent unchanged. */
  mono?: boolean
  /** Before and after the text, inside the border: an icon, a count, a key, a button. */
  start?: ReactNode
  end?: ReactNode
}

/** Gets its ID and description from the surrounding `Field`. `className` goes to the frame. */
export function TextInput({ mono = false, start, end, className, type = 'text', ...rest }: TextInputProps) {
  const field = useFieldControl()
  return (
    <span
      className={cx(
        'control flex h-8.5 w-full items-center gap-2 px-2.75 max-md:h-10',
        'has-[input:read-only]:bg-sunken',
        className,
      )}
    >
      {start && <span className="flex shrink-0 text-text3">{start}</span>}
      <input
        {...field}
        {...rest}
        type={type}
        className={cx(
          'size-full min-w-0 bg-transparent outline-none read-only:text-text2',
          mono && 'font-mono text-[0.8125rem]',
        )}
      />
      {end && <span className="flex shrink-0 items-center text-small text-text3 tabular-nums">{end}</span>}
    </span>
  )
}
