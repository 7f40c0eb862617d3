import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { VisuallyHidden } from './visually-hidden.tsx'

export type StepState = 'done' | 'now' | 'next'

/** `name` is text, or a link if going back is allowed. */
type Step = { key: string; name: ReactNode; state: StepState }

const dots: Record<StepState, string> = {
  done: 'border-ok bg-okSoft text-okText',
  now: 'border-accent bg-accent text-onAccent',
  next: 'border-control text-text2',
}

const bars: Record<StepState, string> = { done: 'bg-ok', now: 'bg-accent', next: 'bg-line' }

/** The progress of a flow: dots and names, or below 768 px "Step 2 of 3" and bars. */
export function Stepper({
  steps,
  label,
  text,
  doneText,
}: {
  steps: readonly Step[]
  label: string
  /** "Step 2 of 3" */
  text: string
  /** Read out after the name of a finished step. */
  doneText: string
}) {
  return (
    <nav aria-label={label}>
      <div
        aria-hidden="true"
        className="flex items-center justify-between gap-3 text-small text-text3 md:hidden"
      >
        {text}
        <span className="flex gap-1.5">
          {steps.map((step) => (
            <span
              key={step.key}
              className={cx('h-1 w-7 rounded-full forced-color-adjust-none', bars[step.state])}
            />
          ))}
        </span>
      </div>
      <ol className="flex flex-wrap items-center gap-y-2 text-body max-md:sr-only">
        {steps.map((step, index) => (
          <li
            key={step.key}
            aria-current={step.state === 'now' ? 'step' : undefined}
            className={cx(
              'flex items-center gap-2',
              step.state === 'now' ? 'font-medium text-text' : 'text-text2',
            )}
          >
            {index > 0 && (
              <span
                aria-hidden="true"
                className={cx(
                  'mr-1 ml-2 h-0.5 w-9 forced-color-adjust-none',
                  steps[index - 1]?.state === 'done' ? 'bg-ok' : 'bg-lineStrong',
                )}
              />
            )}
            <span
              aria-hidden="true"
              className={cx(
                'grid size-5.5 place-items-center rounded-full border text-caption font-medium tabular-nums [&>.lucide]:size-3.5',
                dots[step.state],
              )}
            >
              {step.state === 'done' ? <Check /> : index + 1}
            </span>
            <span className="pr-1">
              {step.name}
              {step.state === 'done' && <VisuallyHidden> {doneText}</VisuallyHidden>}
            </span>
          </li>
        ))}
      </ol>
    </nav>
  )
}
