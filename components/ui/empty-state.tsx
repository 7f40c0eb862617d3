import type { ReactNode } from 'react'

/** Says what is not there and what to do about it: one sentence, one button. */
export function EmptyState({
  icon,
  title,
  action,
  children,
}: {
  icon: ReactNode
  title: ReactNode
  action?: ReactNode
  children?: ReactNode
}) {
  return (
    <div className="flex flex-col items-center px-4 py-8 text-center">
      <span className="mb-3 grid size-11 place-items-center rounded-card bg-sunken text-text2 [&>.lucide]:size-5">
        {icon}
      </span>
      <h2 className="text-h2">{title}</h2>
      {children && <p className="mt-1 max-w-80 text-body text-balance text-text2">{children}</p>}
      {action && <div className="mt-4">{action}</div>}
    </div>
  )
}
