'use client'

import { type ComponentProps, type ReactNode, useId } from 'react'
import { cx } from './cx.ts'

/** One of a few weighty choices: a radio button, a title, a line, and whatever explains the consequences. */
export function RadioCard({
  title,
  note,
  className,
  children,
  ...rest
}: Omit<ComponentProps<'input'>, 'type' | 'title' | 'size'> & { title: ReactNode; note?: ReactNode }) {
  const id = useId()
  return (
    <label
      className={cx(
        'flex flex-col rounded-card border border-line bg-surface p-4 transition-colors hover:border-control',
        'has-checked:border-accent has-checked:shadow-[inset_0_0_0_1px_var(--color-accent)]',
        'has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus',
        className,
      )}
    >
      <span className="flex gap-3">
        <input
          {...rest}
          type="radio"
          aria-labelledby={`${id}title`}
          aria-describedby={`${id}more`}
          className="mt-0.5 size-4 shrink-0 appearance-none rounded-full border border-control bg-surface outline-none checked:border-5 checked:border-accent"
        />
        <span className="min-w-0">
          <span id={`${id}title`} className="block text-h2">
            {title}
          </span>
          {note && <span className="block text-small text-text3">{note}</span>}
        </span>
      </span>
      {children && (
        <span id={`${id}more`} className="mt-4 block">
          {children}
        </span>
      )}
    </label>
  )
}
