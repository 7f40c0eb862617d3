import { CircleCheck, CircleX, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export type BannerTone = 'info' | 'ok' | 'warn' | 'bad'

const tones: Record<BannerTone, { frame: string; icon: string; rule: string; picture: ReactNode }> = {
  info: {
    frame: 'border-accentLine bg-accentSoft',
    icon: 'text-accentText',
    rule: 'border-accentLine',
    picture: <Info />,
  },
  ok: {
    frame: 'border-okLine bg-okSoft',
    icon: 'text-okText',
    rule: 'border-okLine',
    picture: <CircleCheck />,
  },
  warn: {
    frame: 'border-warnLine bg-warnSoft',
    icon: 'text-warnText',
    rule: 'border-warnLine',
    picture: <TriangleAlert />,
  },
  bad: {
    frame: 'border-badLine bg-badSoft',
    icon: 'text-badText',
    rule: 'border-badLine',
    picture: <CircleX />,
  },
}

/** Cause in bold, then the next step. The only tinted box in a view. */
export function Banner({
  tone,
  title,
  icon,
  foot,
  role,
  className,
  children,
}: {
  tone: BannerTone
  /** The cause on its own line; for a one-line banner omit it and start the children with `<strong>`. */
  title?: ReactNode
  /** Replaces the icon of the tone. */
  icon?: ReactNode
  /** Below a thin rule: error code, RequestId and their copy button. */
  foot?: ReactNode
  /** `alert` or `status` if it appears after an action. */
  role?: 'alert' | 'status'
  className?: string
  children?: ReactNode
}) {
  const look = tones[tone]
  return (
    <div
      role={role}
      className={cx(
        'flex gap-2.5 rounded-panel border px-3.5 py-3 text-body text-text2',
        look.frame,
        className,
      )}
    >
      <span className={cx('mt-0.5 flex h-4 shrink-0', look.icon)}>{icon ?? look.picture}</span>
      <div className="min-w-0 flex-1 [&_strong]:font-semibold [&_strong]:text-text">
        {title && <p className="font-semibold text-text">{title}</p>}
        {children && <div className={cx('max-w-[72ch]', title !== undefined && 'mt-0.5')}>{children}</div>}
        {foot && (
          <div
            className={cx(
              'mt-3 flex flex-wrap items-center gap-x-3 gap-y-1 border-t pt-2.5 font-mono text-mono wrap-anywhere text-text2',
              look.rule,
            )}
          >
            {foot}
          </div>
        )}
      </div>
    </div>
  )
}
