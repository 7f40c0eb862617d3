import { cx } from './cx.ts'

export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger'

/**
 * `form` is the end of a form: 36 px, and on phones 44 px at full width. `phone` is 44 px everywhere. `icon`
 * is a square for an icon alone, `card` the small one inside cards and rows.
 */
export type ButtonSize = 'default' | 'form' | 'card' | 'phone' | 'icon'

const variants: Record<ButtonVariant, string> = {
  primary: 'border-transparent bg-accent text-onAccent shadow-button hover:bg-accentHover',
  secondary: 'border-lineStrong bg-surface text-text hover:bg-hover',
  quiet: 'border-transparent text-text2 hover:bg-hover hover:text-text',
  danger: 'border-transparent bg-badFill text-onAccent shadow-button hover:bg-badFill/90',
}

const sizes: Record<ButtonSize, string> = {
  default: 'h-8 px-3',
  form: 'h-9 px-4 max-md:h-11 max-md:w-full',
  card: 'h-6.5 px-2 text-small font-medium',
  phone: 'h-11 px-4',
  icon: 'size-8',
}

/**
 * The look of a button, for anything that acts as one: `<a className={buttonClass({ variant: 'primary' })}>`.
 */
export function buttonClass({
  variant = 'secondary',
  size = 'default',
  className,
}: {
  variant?: ButtonVariant
  size?: ButtonSize
  className?: string
} = {}): string {
  return cx(
    'inline-flex shrink-0 items-center justify-center gap-2 rounded-control border whitespace-nowrap',
    'text-table font-medium select-none transition-colors data-popup-open:bg-hover',
    variants[variant],
    sizes[size],
    'data-unavailable:border-line data-unavailable:bg-sunken data-unavailable:text-text3 data-unavailable:shadow-none',
    'data-unavailable:hover:bg-sunken data-unavailable:hover:text-text3',
    className,
  )
}
