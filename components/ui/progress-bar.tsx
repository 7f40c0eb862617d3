const fills = { accent: 'fill-accent', warn: 'fill-warn', ok: 'fill-ok' } as const

/**
 * A thin bar. With `label` it is a progress bar of its own; without, it only illustrates the text beside it.
 */
export function ProgressBar({
  value,
  max,
  tone = 'accent',
  label,
  className,
}: {
  value: number
  max: number
  tone?: keyof typeof fills
  label?: string
  className?: string
}) {
  const share = max > 0 ? Math.min(Math.max(value / max, 0), 1) : 0
  const bar = (
    <svg aria-hidden="true" height="4" className="block w-full overflow-hidden rounded-full">
      <rect width="100%" height="4" className="fill-line" />
      <rect width={`${(share * 100).toFixed(2)}%`} height="4" rx="2" className={fills[tone]} />
    </svg>
  )
  if (!label) return <div className={className}>{bar}</div>
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={0}
      aria-valuemax={max}
      className={className}
    >
      {bar}
    </div>
  )
}
