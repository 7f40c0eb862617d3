import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx.ts'

export function DescriptionList({ className, ...rest }: ComponentProps<'dl'>) {
  return <dl {...rest} className={cx('flex flex-col gap-3 text-body', className)} />
}

/** Label beside the value, or above it when `stacked`; `end` is a link or button at the far right. */
export function DescriptionRow({
  label,
  end,
  stacked = false,
  children,
}: {
  label: ReactNode
  end?: ReactNode
  stacked?: boolean
  children: ReactNode
}) {
  return (
    <div
      className={cx(
        stacked
          ? 'min-w-0'
          : 'grid grid-cols-[6rem_minmax(0,1fr)] gap-x-3 md:grid-cols-[7.5rem_minmax(0,1fr)]',
      )}
    >
      <dt className={cx('text-text3', stacked && 'text-small')}>{label}</dt>
      <dd className="flex min-w-0 items-center gap-2">
        <span className="min-w-0 wrap-anywhere">{children}</span>
        {end && <span className="ml-auto shrink-0">{end}</span>}
      </dd>
    </div>
  )
}
