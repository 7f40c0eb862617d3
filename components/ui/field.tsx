'use client'

import { CircleAlert } from 'lucide-react'
import { createContext, type ReactNode, useContext, useId } from 'react'
import { cx } from './cx.ts'

type FieldContextValue = {
  controlId: string
  labelId: string
  describedBy: string | undefined
  invalid: boolean
  required: boolean
}

const FieldContext = createContext<FieldContextValue | null>(null)

/** The attributes of a control inside a `Field`; none outside of one. */
export function useFieldControl() {
  const field = useContext(FieldContext)
  if (!field) return {}
  return {
    id: field.controlId,
    'aria-describedby': field.describedBy,
    'aria-invalid': field.invalid || undefined,
    'aria-required': field.required || undefined,
  } as const
}

/** The same for a group of controls, which is named by reference since `<label for>` cannot refer to it. */
export function useFieldGroup() {
  const field = useContext(FieldContext)
  if (!field) return {}
  return {
    'aria-labelledby': field.labelId,
    'aria-describedby': field.describedBy,
    'aria-invalid': field.invalid || undefined,
    'aria-required': field.required || undefined,
  } as const
}

/** Label, one control (or group of controls), and the hint or error that belongs to it. */
export function Field({
  label,
  note,
  hint,
  error,
  keepHint = false,
  required = false,
  group = false,
  className,
  children,
}: {
  label: ReactNode
  /** Gray text after the label, such as "(optional)". */
  note?: ReactNode
  hint?: ReactNode
  /** Replaces the hint, unless `keepHint` is set because the hint is still needed. */
  error?: ReactNode
  keepHint?: boolean
  required?: boolean
  /** The children are several controls (segments, radio cards). */
  group?: boolean
  className?: string
  children: ReactNode
}) {
  const id = useId()
  const labelId = `${id}label`
  const hintId = `${id}hint`
  const errorId = `${id}error`
  const hasError = error !== undefined && error !== null && error !== false && error !== ''
  const hasHint = Boolean(hint) && (!hasError || keepHint)
  const labelContent = (
    <>
      {label}
      {note && <span className="font-normal text-text3"> {note}</span>}
    </>
  )
  const labelClass = 'mb-1.5 block w-fit text-body font-medium text-text'
  return (
    <FieldContext
      value={{
        controlId: `${id}control`,
        labelId,
        describedBy: cx(hasError && errorId, hasHint && hintId) || undefined,
        invalid: hasError,
        required,
      }}
    >
      <div className={cx('min-w-0', className)}>
        {group ? (
          <span id={labelId} className={labelClass}>
            {labelContent}
          </span>
        ) : (
          <label id={labelId} htmlFor={`${id}control`} className={labelClass}>
            {labelContent}
          </label>
        )}
        {children}
        {/* Rendered before the error appears, so that screen readers announce the error. */}
        <div aria-live="assertive" aria-atomic="true">
          {hasError && (
            <p id={errorId} className="mt-1.5 flex gap-1.5 text-small text-badText">
              <CircleAlert className="mt-px" />
              <span className="min-w-0">{error}</span>
            </p>
          )}
        </div>
        {hasHint && (
          <p id={hintId} className="mt-1.5 text-small text-text3">
            {hint}
          </p>
        )}
      </div>
    </FieldContext>
  )
}
