import { CircleCheck, CircleMinus, TriangleAlert } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx.ts'
import { VisuallyHidden } from './visually-hidden.tsx'

export type CheckState = 'pass' | 'warn' | 'unknown'

const pictures: Record<CheckState, ReactNode> = {
  pass: <CircleCheck className="text-okText" />,
  warn: <TriangleAlert className="text-warnText" />,
  unknown: <CircleMinus className="text-text2" />,
}

/** Goes into a card below a divided head. */
export function Checklist({ className, ...rest }: ComponentProps<'ul'>) {
  return <ul {...rest} className={cx('divide-y divide-line', className)} />
}

/**
 * A checked fact. `source` says where it was read and how old it is, or why it cannot be checked, and links to
 * the fix.
 */
export function CheckItem({
  state,
  stateText,
  source,
  children,
}: {
  state: CheckState
  /** The state as text, for users who do not see the icon. */
  stateText: string
  source?: ReactNode
  children: ReactNode
}) {
  return (
    <li className="flex gap-2.5 px-4 py-2.5">
      <span className="mt-0.5 flex">{pictures[state]}</span>
      <div className="min-w-0">
        <p className="text-table text-text">
          <VisuallyHidden>{stateText} </VisuallyHidden>
          {children}
        </p>
        {source && <p className="text-small text-text3">{source}</p>}
      </div>
    </li>
  )
}
