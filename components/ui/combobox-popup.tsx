'use client'

import { Combobox as Base } from '@base-ui/react/combobox'
import { Check, Search } from 'lucide-react'
import { type ComponentProps, useEffect, useMemo, useState } from 'react'
import { cx } from './cx.ts'
import { isExactly, type SearchOption, searchOptions } from './option-search.ts'
import { type PickerOption, pickerItemClass } from './picker-trigger.tsx'
import { takeFocus } from './use-lazy-popup.ts'

export type ComboboxProps<V extends string> = {
  options: readonly PickerOption<V>[]
  /** Empty if nothing is chosen. */
  value: V | ''
  onValueChange: (value: V) => void
  placeholder?: string
  /** The accessible name, if no `Field` provides one. */
  label?: string
  /** The accessible name and the placeholder of the search field in the popup. */
  searchLabel: string
  /**
   * Further search terms of an option; loaded when the list opens. Must be the same function for the life of
   * the page.
   */
  loadKeywords?: () => Promise<(value: V) => readonly string[]>
  /** Shown if nothing matches the search. */
  emptyText: string
  /** Options that are not offered, with the reason: shown to anyone who searches for one. */
  absent?: readonly (PickerOption<V> & { reason: string })[]
  /** Submits the value with a plain form. */
  name?: string
}

/** The lazily loaded part of `Combobox`; it mounts open. */
export function ComboboxPopup<V extends string>({
  options,
  value,
  onValueChange,
  searchLabel,
  loadKeywords,
  emptyText,
  absent = [],
  trigger,
  container,
}: ComboboxProps<V> & { trigger: ComponentProps<'button'>; container: HTMLElement }) {
  const [query, setQuery] = useState('')
  const [keywordsOf, setKeywordsOf] = useState<(value: V) => readonly string[]>()
  useEffect(() => {
    loadKeywords?.().then(
      (keywords) => setKeywordsOf(() => keywords),
      () => undefined,
    )
  }, [loadKeywords])
  const searchable = useMemo(() => withKeywords(options, keywordsOf), [options, keywordsOf])
  const found = searchOptions(searchable, query)
  const missed = withKeywords(absent, keywordsOf).find((option) =>
    found.length > 0 ? isExactly(option, query) : searchOptions([option], query).length > 0,
  )
  return (
    <Base.Root<PickerOption<V>>
      defaultOpen
      autoHighlight
      items={searchable}
      filteredItems={found}
      inputValue={query}
      onInputValueChange={setQuery}
      value={options.find((option) => option.value === value) ?? null}
      isItemEqualToValue={(a, b) => a.value === b.value}
      onValueChange={(next) => next && onValueChange(next.value)}
    >
      <Base.Trigger ref={takeFocus} {...trigger} />
      <Base.Portal container={container}>
        <Base.Positioner
          sideOffset={4}
          align="start"
          collisionPadding={8}
          positionMethod="fixed"
          className="z-50 outline-none"
        >
          <Base.Popup
            aria-label={searchLabel}
            className="popup popup-motion flex max-h-[min(22rem,var(--available-height))] w-[max(var(--anchor-width),17rem)] max-w-(--available-width) flex-col rounded-card outline-none"
          >
            <span className="flex items-center gap-2 border-b border-line px-3 text-text3">
              <Search />
              <Base.Input
                aria-label={searchLabel}
                placeholder={searchLabel}
                className="h-10 min-w-0 flex-1 bg-transparent text-body text-text outline-none placeholder:text-text3 pointer-coarse:text-[1rem]"
              />
            </span>
            <p role="status" className="text-body text-text2 not-empty:px-3 not-empty:py-4">
              {missed?.reason}
            </p>
            <Base.Empty className="text-body text-text2 not-empty:px-3 not-empty:py-4">
              {!missed && emptyText}
            </Base.Empty>
            <Base.List className="min-h-0 flex-1 overflow-y-auto p-1 outline-none empty:p-0">
              {(option: PickerOption<V>) => (
                <Base.Item
                  key={option.value}
                  value={option}
                  className={cx(pickerItemClass, 'data-selected:bg-accentSoft')}
                >
                  <span className="min-w-0">{option.label}</span>
                  <Base.ItemIndicator>
                    <Check className="text-accentText" />
                  </Base.ItemIndicator>
                  {option.note && (
                    <span className="ml-auto shrink-0 pl-4 text-text3 tabular-nums">{option.note}</span>
                  )}
                </Base.Item>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

function withKeywords<V extends string, O extends PickerOption<V>>(
  options: readonly O[],
  keywordsOf?: (value: V) => readonly string[],
): (O & SearchOption<V>)[] {
  return options.map((option) => ({ ...option, keywords: keywordsOf?.(option.value) }))
}
