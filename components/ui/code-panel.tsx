'use client'

import { SquareTerminal } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react'
import { cx } from './cx.ts'

type CodeTab = {
  key: string
  label: string
  /** Comments in `text-codeDim`, names and values in `text-codeKey`. */
  code: ReactNode
  /** The copy button of this tab, with `tone="code"`. */
  copy?: ReactNode
}

/** Commands to read and copy; dark in both themes. One tab per call, and no tab row for a single one. */
export function CodePanel({
  title,
  tabs,
  className,
}: {
  title: string
  tabs: readonly [CodeTab, ...CodeTab[]]
  className?: string
}) {
  const id = useId()
  const [key, setKey] = useState(tabs[0].key)
  const row = useRef<HTMLDivElement>(null)
  const current = tabs.find((tab) => tab.key === key) ?? tabs[0]
  const many = tabs.length > 1

  function step(event: KeyboardEvent) {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = by === 0 ? undefined : tabs.at((tabs.indexOf(current) + by) % tabs.length)
    if (!next) return
    event.preventDefault()
    setKey(next.key)
    row.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(next.key)}"]`)?.focus()
  }

  const panel = many
    ? { id: `${id}panel`, role: 'tabpanel', 'aria-labelledby': `${id}${current.key}` }
    : { role: 'group', 'aria-label': title }

  return (
    <section
      aria-label={title}
      className={cx('min-w-0 overflow-clip rounded-panel bg-codeBg text-codeText', className)}
    >
      <div className="flex items-center gap-4 overflow-x-auto border-b border-codeText/15 px-3.5 text-small">
        <span className="flex h-9 shrink-0 items-center gap-2 font-medium">
          <SquareTerminal />
          {title}
        </span>
        {many && (
          <div ref={row} role="tablist" aria-label={title} className="flex gap-4" onKeyDown={step}>
            {tabs.map((tab) => (
              <button
                key={tab.key}
                type="button"
                role="tab"
                id={`${id}${tab.key}`}
                data-key={tab.key}
                aria-selected={tab === current}
                aria-controls={`${id}panel`}
                tabIndex={tab === current ? 0 : -1}
                onClick={() => setKey(tab.key)}
                className="h-9 border-b-2 border-transparent whitespace-nowrap text-codeDim -outline-offset-2 outline-codeKey hover:text-codeText aria-selected:border-codeKey aria-selected:text-codeText"
              >
                {tab.label}
              </button>
            ))}
          </div>
        )}
        {current.copy && <span className="sticky right-0 ml-auto shrink-0 bg-codeBg">{current.copy}</span>}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, and keyboards must reach what scrolls */}
      <div {...panel} tabIndex={0} className="overflow-x-auto -outline-offset-2 outline-codeKey">
        <pre translate="no" className="w-fit p-3.5 font-mono text-mono">
          <code>{current.code}</code>
        </pre>
      </div>
    </section>
  )
}
