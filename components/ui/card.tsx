import type { ComponentProps, ReactNode } from 'react'
import { Tag } from './badge.tsx'
import { cx } from './cx.ts'

export function Card({ className, ...rest }: ComponentProps<'section'>) {
  return (
    <section
      {...rest}
      className={cx('min-w-0 overflow-clip rounded-card border border-line bg-surface', className)}
    />
  )
}

/** 44 px: a heading, a count, and at most one element at the end. `divided` only if a list follows. */
export function CardHead({
  title,
  count,
  end,
  divided = false,
  id,
}: {
  title: ReactNode
  count?: ReactNode
  end?: ReactNode
  divided?: boolean
  /** On the heading, for `aria-labelledby` of the card. */
  id?: string
}) {
  return (
    <div
      data-head={divided ? 'divided' : 'open'}
      className={cx(
        'flex min-h-11 flex-wrap items-center gap-x-2 gap-y-1 px-4 py-1.5',
        divided && 'border-b border-line',
      )}
    >
      <h2 id={id} className="text-h2">
        {title}
      </h2>
      {count !== undefined && <Tag>{count}</Tag>}
      {end && <div className="ml-auto flex items-center gap-2 text-small text-text3">{end}</div>}
    </div>
  )
}

/** 16 px padding. After a head without a divider, the head's own height is the space above. */
export function CardBody({ className, ...rest }: ComponentProps<'div'>) {
  return <div {...rest} className={cx('p-4 [[data-head=open]+&]:pt-1', className)} />
}

export function CardDivider() {
  return <hr className="border-line" />
}
