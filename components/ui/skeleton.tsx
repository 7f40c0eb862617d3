import { cx } from './cx.ts'
import { VisuallyHidden } from './visually-hidden.tsx'

const widths = ['w-32', 'w-24', 'w-36', 'w-28']

/** Gray rows of the real height, shown only if the wait exceeds 300 ms. `label` says what is loading. */
export function SkeletonRows({
  rows = 5,
  height = 'default',
  label,
}: {
  rows?: number
  height?: 'default' | 'compact' | 'two-line'
  label: string
}) {
  return (
    <div role="status" className="animate-late">
      <VisuallyHidden>{label}</VisuallyHidden>
      {Array.from({ length: rows }, (_, row) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
          key={row}
          aria-hidden="true"
          className={cx(
            'flex items-center gap-2 border-b border-line px-4 last:border-b-0',
            height === 'default' && 'h-10',
            height === 'compact' && 'h-9',
            height === 'two-line' && 'h-14.5',
          )}
        >
          <span className="size-4 rounded-tag bg-sunken" />
          <span className={cx('h-3 rounded-tag bg-sunken', widths[row % widths.length])} />
          <span className="ml-auto h-5.5 w-18 rounded-full bg-sunken" />
        </div>
      ))}
    </div>
  )
}
