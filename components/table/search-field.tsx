'use client'

import { Search, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { TextInput } from '@/components/ui/text-input'
import { useHydrated } from '@/components/ui/use-hydrated'

const pauseMs = 250

/**
 * The search of a list, run after a pause in typing or on Enter; `/` moves the focus here from anywhere on
 * the page.
 * @param value the search in the URL; a change from outside (Back, Clear filters) replaces what was typed
 */
export function SearchField({
  value,
  onSearch,
  label,
  placeholder,
  clearLabel,
}: {
  value: string
  onSearch: (text: string) => void
  label: string
  placeholder: string
  clearLabel: string
}) {
  const form = useRef<HTMLFormElement>(null)
  const composing = useRef(false)
  const [text, setText] = useState(value)
  const [known, setKnown] = useState(value)
  if (known !== value) {
    setKnown(value)
    // The URL holds the trimmed text: do not take away a space that was just typed.
    if (text.trim() !== value) setText(value)
  }

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  function search(next: string, wait: number) {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      timer.current = undefined
      onSearch(next.trim())
    }, wait)
  }
  useEffect(() => () => clearTimeout(timer.current), [])

  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      const { target } = event
      const typing =
        target instanceof HTMLElement &&
        target.closest('input, textarea, select, [contenteditable], [role=listbox]')
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || typing) return
      event.preventDefault()
      form.current?.querySelector('input')?.focus()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])

  return (
    <search className="min-w-0 flex-1 md:max-w-70">
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault()
          search(text, 0)
        }}
      >
        <fieldset disabled={!useHydrated()}>
          <TextInput
            type="search"
            className="[&_input::-webkit-search-cancel-button]:hidden"
            aria-label={label}
            placeholder={placeholder}
            value={text}
            maxLength={100}
            enterKeyHint="search"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            start={<Search />}
            end={
              text ? (
                <button
                  type="button"
                  aria-label={clearLabel}
                  onClick={() => {
                    setText('')
                    search('', 0)
                    form.current?.querySelector('input')?.focus()
                  }}
                  className="-mr-1 grid size-6 place-items-center rounded-tag text-text2 hover:bg-hover hover:text-text"
                >
                  <X />
                </button>
              ) : (
                <kbd className="rounded-tag border border-line px-1.5 font-sans text-caption max-md:hidden">
                  /
                </kbd>
              )
            }
            onBlur={() => {
              // A search that still waits runs now: a user who leaves the field, usually for a row of the list, must
              // not be called back when the pause ends. One that ran already must not run again: it would take the
              // filter away that is being chosen.
              if (timer.current !== undefined) search(text, 0)
            }}
            onCompositionStart={() => {
              composing.current = true
            }}
            onCompositionEnd={(event) => {
              composing.current = false
              search(event.currentTarget.value, pauseMs)
            }}
            onChange={(event) => {
              setText(event.target.value)
              // Text that an input method is still composing is not a search yet.
              if (!composing.current) search(event.target.value, pauseMs)
            }}
          />
        </fieldset>
      </form>
    </search>
  )
}
