'use client'

import { Hourglass } from 'lucide-react'
import type { ComponentProps, MouseEvent, ReactNode } from 'react'
import { type ButtonSize, type ButtonVariant, buttonClass } from './button-class.ts'
import { cx } from './cx.ts'
import { useHydrated } from './use-hydrated.ts'

type ButtonProps = Omit<ComponentProps<'button'>, 'disabled'> & {
  variant?: ButtonVariant
  size?: ButtonSize
  icon?: ReactNode
  /** The operation is in flight: clicks do nothing, and the button keeps its focus and its width. */
  busy?: boolean
  /** The label while busy ("Sending…"). Pass it from the start, so that the width never changes. */
  busyLabel?: ReactNode
  /** Cannot be clicked now; the label must say why or from when ("Send again in 0:22"). */
  unavailable?: boolean
}

function swallow(event: MouseEvent) {
  event.preventDefault()
  event.stopPropagation()
}

export function Button({
  variant,
  size,
  icon,
  busy = false,
  busyLabel,
  unavailable = false,
  type = 'button',
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const inert = busy || unavailable
  return (
    <button
      {...rest}
      type={type}
      disabled={!useHydrated()}
      aria-disabled={inert || undefined}
      data-busy={busy || undefined}
      data-unavailable={unavailable || undefined}
      className={buttonClass({ variant, size, className: cx(busy && 'opacity-85', className) })}
      onClick={inert ? swallow : onClick}
    >
      {busyLabel === undefined ? (
        <>
          {icon}
          {children}
        </>
      ) : (
        // Both labels share one grid cell, so the wider one always sets the width.
        <span className="grid place-items-center">
          <span className={cx('col-start-1 row-start-1 flex items-center gap-2', busy && 'invisible')}>
            {icon}
            {children}
          </span>
          <span className={cx('col-start-1 row-start-1 flex items-center gap-2', !busy && 'invisible')}>
            <Hourglass />
            {busyLabel}
          </span>
        </span>
      )}
    </button>
  )
}

/** A square button with only an icon; `label` is its accessible name. */
export function IconButton({
  label,
  variant = 'quiet',
  className,
  children,
  ...rest
}: ComponentProps<'button'> & { label: string; variant?: ButtonVariant }) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      className={buttonClass({ variant, size: 'icon', className })}
    >
      {children}
    </button>
  )
}
