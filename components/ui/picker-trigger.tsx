import { ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

/** One option of a select or combobox. */
export type PickerOption<V extends string = string> = {
  value: V
  label: string
  /** A code at the right end ("+65"). */
  note?: string
  /** Comes before other options that match a search equally well. */
  preferred?: boolean
}

/** What a select or combobox shows while closed, before and after its popup code is loaded. */
export function PickerFace({
  option,
  placeholder,
  prefix,
  active = false,
  chevron = true,
}: {
  option: PickerOption | undefined
  placeholder?: ReactNode
  prefix?: ReactNode
  active?: boolean
  chevron?: boolean
}) {
  return (
    <>
      {prefix && <span className={cx('shrink-0', !active && 'text-text3')}>{prefix}</span>}
      <span className={cx('min-w-0 truncate', !option && 'text-text3')} title={option?.label}>
        {option?.label ?? placeholder}
      </span>
      <span className="ml-auto flex shrink-0 items-center gap-2">
        {option?.note && <span className="text-text3 tabular-nums">{option.note}</span>}
        {chevron && <ChevronDown className="text-text2" />}
      </span>
    </>
  )
}

export function pickerTriggerClass({
  fit,
  active,
  clearable,
}: {
  fit: boolean
  active: boolean
  clearable: boolean
}) {
  return cx(
    'control flex h-8.5 min-w-0 items-center gap-2 px-2.75 text-left max-md:h-10',
    fit ? 'w-fit max-w-full' : 'w-full',
    active && 'border-accentLine bg-accentSoft font-medium text-accentText',
    clearable && 'pr-8',
  )
}

/** The rows of every popup list. */
export const pickerItemClass =
  'flex min-h-8 cursor-pointer items-center gap-2 rounded-control px-2 py-1 text-table outline-none select-none data-highlighted:bg-hover max-md:min-h-10'
