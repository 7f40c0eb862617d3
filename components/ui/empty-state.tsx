import type { ReactNode } from 'react'

/** Says what is missing and what to do about it: one sentence, one button. */
export function EmptyState({
  icon,
  title,
  action,
  heading: Heading = 'h2',
  children,
}: {
  icon: ReactNode
  title: ReactNode
  action?: ReactNode
  /** `h1` if it is the whole page. */
  heading?: 'h1' | 'h2'
  children?: ReactNode
}) {
  return (
    <div className="flex flex-col items-center px-4 py-8 text-center">
      <span className="mb-3 grid size-11 place-items-center rounded-card bg-sunken text-text2 [&>.lucide]:size-5">
        {icon}
      </span>
      <Heading className="text-h2">{title}</Heading>
      {children && <p className="mt-1 max-w-80 text-body text-balance text-text2">{children}</p>}
      {action && <div className="mt-4">{action}</div>}
    </div>
  )
}
