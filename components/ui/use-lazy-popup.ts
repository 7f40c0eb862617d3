'use client'

import { useState } from 'react'
import { takePart } from './missing-part.ts'
import { useHydrated } from './use-hydrated.ts'

const landmarks = 'main, header, nav, aside, footer, dialog, [role=main], [role=region], [role=dialog]'

/**
 * Keeps a popup's code out of the first load. It is loaded when the pointer or focus comes near the trigger,
 * and mounted, already open, on the first click. If loading fails after a click, the frame of the page says
 * so.
 * @param load must be the same function for the life of the component
 */
export function useLazyPopup<M>(load: () => Promise<M>) {
  const [module, setModule] = useState<M>()
  // The popup goes into the landmark of its trigger: outside of all landmarks assistive technologies lose it,
  // and inside a dialog it must not end up behind that dialog.
  const [container, setContainer] = useState<HTMLElement>()

  function fetch(pressed = false) {
    if (!module) takePart(load(), setModule, pressed)
  }
  function open(trigger: HTMLElement) {
    setContainer(trigger.closest<HTMLElement>(landmarks) ?? document.body)
    fetch(true)
  }
  return {
    /** Set once it should replace the plain trigger. */
    popup: container && module ? { ...module, container } : undefined,
    triggerProps: {
      // A click before scripts run would be lost.
      disabled: !useHydrated(),
      onPointerEnter: () => fetch(),
      onFocus: () => fetch(),
      onClick: (event: React.MouseEvent<HTMLElement>) => open(event.currentTarget),
      onKeyDown: (event: React.KeyboardEvent<HTMLElement>) => {
        if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
        event.preventDefault()
        open(event.currentTarget)
      },
    },
  }
}

/** For the trigger that replaces the plain one: that one had the focus, and closing must return it here. */
export function takeFocus(trigger: HTMLElement | null) {
  trigger?.focus({ preventScroll: true })
}
