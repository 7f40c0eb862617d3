import { ArrowDown, ArrowUp } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx.ts'

/**
 * The place of a cell in the two-line rows on small screens: the name and its badge above, the ID and the
 * number below. The two lines divide their width independently: a wide badge takes nothing from the ID.
 * `full` is a line of its own. Cells without a place are hidden there.
 */
type Place = 'name' | 'state' | 'id' | 'number' | 'full'

const places: Record<Place, string> = {
  name: 'max-md:col-start-1 max-md:row-start-1',
  state: 'max-md:col-start-2 max-md:col-span-2 max-md:row-start-1 max-md:justify-self-end',
  id: 'max-md:col-start-1 max-md:col-span-2 max-md:row-start-2 max-md:text-text3',
  number: 'max-md:col-start-3 max-md:row-start-2 max-md:justify-self-end max-md:text-text3',
  full: 'max-md:col-span-3',
}

/** The narrowest screen on which a column is shown: `lg` hides it on tablets, `xl` also on small laptops. */
type From = 'lg' | 'xl'

const froms: Record<From, string> = { lg: 'max-lg:hidden', xl: 'max-xl:hidden' }

/**
 * A framed list; `bare` inside a card. Below 768 px the rows extend over the page's side padding of 16 px.
 */
export function Table({
  label,
  bare = false,
  className,
  children,
}: {
  label: string
  bare?: boolean
  className?: string
  children: ReactNode
}) {
  return (
    <div
      className={cx(
        'overflow-clip',
        !bare &&
          'rounded-card border border-line bg-surface max-md:-mx-4 max-md:rounded-none max-md:border-x-0',
        className,
      )}
    >
      <table
        aria-label={label}
        className="w-full border-separate border-spacing-0 text-table text-text2 max-md:block"
      >
        {children}
      </table>
    </div>
  )
}

export function TableHead({ children }: { children: ReactNode }) {
  return <thead className="max-md:sr-only">{children}</thead>
}

export function TableBody({ children }: { children: ReactNode }) {
  return (
    <tbody className="max-md:block md:[&>tr:last-child>td]:border-b-0 max-md:[&>tr:last-child]:border-b-0">
      {children}
    </tbody>
  )
}

/** A header cell. With `sort`, its children are the link or button that sorts. */
export function Th({
  align = 'start',
  from,
  sort,
  className,
  children,
}: {
  align?: 'start' | 'end'
  from?: From
  sort?: 'ascending' | 'descending' | 'none'
  className?: string
  children?: ReactNode
}) {
  return (
    <th
      scope="col"
      aria-sort={sort}
      className={cx(
        'sticky top-(--sticky-top) z-10 h-8.5 border-b border-line bg-surface px-3 text-caption font-medium whitespace-nowrap first:pl-4 last:pr-4',
        align === 'end' ? 'text-right' : 'text-left',
        from && froms[from],
        sort === 'ascending' || sort === 'descending' ? 'text-text' : 'text-text3',
        className,
      )}
    >
      <span className="inline-flex items-center gap-1 [&>.lucide]:size-3.5">
        {children}
        {sort === 'ascending' && <ArrowUp />}
        {sort === 'descending' && <ArrowDown />}
      </span>
    </th>
  )
}

/** `selected` tints the row; `expanded` is a row that unfolds below another one. */
export function Tr({
  selected = false,
  expanded = false,
  children,
  ...rest
}: ComponentProps<'tr'> & { selected?: boolean; expanded?: boolean }) {
  return (
    <tr
      {...rest}
      data-selected={selected || undefined}
      className={cx(
        'relative transition-colors max-md:grid max-md:grid-cols-[minmax(0,1fr)_auto_fit-content(65%)] max-md:gap-x-3 max-md:gap-y-1 max-md:border-b max-md:border-line max-md:px-4 max-md:py-2.5',
        'data-selected:bg-accentSoft',
        expanded ? 'bg-canvas' : 'not-data-selected:hover:bg-hover',
      )}
    >
      {children}
    </tr>
  )
}

export function Td({
  align = 'start',
  from,
  place,
  nowrap = false,
  className,
  children,
  ...rest
}: Omit<ComponentProps<'td'>, 'align'> & {
  align?: 'start' | 'end'
  from?: From
  place?: Place
  nowrap?: boolean
}) {
  return (
    <td
      {...rest}
      className={cx(
        'min-w-0 border-line md:h-10 md:border-b md:px-3 md:py-1.5 md:first:pl-4 md:last:pr-4',
        align === 'end' && 'text-right',
        nowrap && 'whitespace-nowrap',
        place ? places[place] : 'max-md:hidden',
        from && froms[from],
        className,
      )}
    >
      {children}
    </td>
  )
}

/** For the link on the name of a row. On small screens the whole row is its target. */
export const rowLinkClass =
  'text-table font-medium text-text underline-offset-3 hover:underline max-md:after:absolute max-md:after:inset-0'

/** A second, gray line in a cell. */
export function CellNote({ children }: { children: ReactNode }) {
  return <span className="block text-small text-text3">{children}</span>
}
