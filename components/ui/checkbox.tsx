'use client'

import { Check, Minus } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx.ts'

type CheckboxProps = Omit<ComponentProps<'input'>, 'type' | 'size'> & {
  /** Some, but not all, of what it stands for. */
  indeterminate?: boolean
  /** Without children, name it by `aria-label`. */
  children?: ReactNode
}

const mark = 'pointer-events-none col-start-1 row-start-1 hidden size-3.5 stroke-[2.5] text-onAccent'

export function Checkbox({ indeterminate = false, className, children, ...rest }: CheckboxProps) {
  return (
    // The label is the target: at least 24 px around the box of 16.
    <label
      className={cx(
        'inline-flex align-middle text-body',
        children ? 'min-h-6 gap-2' : '-m-1 size-6 items-center justify-center',
        className,
      )}
    >
      <span className={cx('relative grid w-4 shrink-0 place-items-center', children ? 'h-[1lh]' : 'h-4')}>
        <input
          {...rest}
          ref={(element) => {
            if (element) element.indeterminate = indeterminate
          }}
          type="checkbox"
          className={cx(
            'peer col-start-1 row-start-1 size-4 appearance-none rounded-tag border border-control bg-surface transition-colors',
            'checked:border-accent checked:bg-accent indeterminate:border-accent indeterminate:bg-accent disabled:bg-sunken',
          )}
        />
        <Check className={cx(mark, 'peer-checked:block peer-indeterminate:hidden')} />
        <Minus className={cx(mark, 'peer-indeterminate:block')} />
      </span>
      {children && <span className="min-w-0">{children}</span>}
    </label>
  )
}
