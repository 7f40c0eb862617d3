'use client'

import { useState } from 'react'
import { takePart } from './missing-part.ts'
import { useHydrated } from './use-hydrated.ts'

const landmarks = 'main, header, nav, aside, footer, dialog, [role=main], [role=region], [role=dialog]'

/**
 * Keeps a popup's code out of the first load. It is fetched when pointer or focus come near the trigger and
 * mounted, already open, at the first press. A press whose fetch fails is told in the frame of the page.
 * @param load must be one function for the life of the component
 */
export function useLazyPopup<M>(load: () => Promise<M>) {
  const [module, setModule] = useState<M>()
  // The popup goes into the landmark of its trigger: outside of all landmarks assistive tools lose it,
  // and inside a dialog it must not fall behind that dialog.
  const [container, setContainer] = useState<HTMLElement>()

  function fetch(pressed = false) {
    if (!module) takePart(load(), setModule, pressed)
  }
  function open(trigger: HTMLElement) {
    setContainer(trigger.closest<HTMLElement>(landmarks) ?? document.body)
    fetch(true)
  }
  return {
    /** Set from the moment that it shall replace the plain trigger. */
    popup: container && module ? { ...module, container } : undefined,
    triggerProps: {
      // A press before scripts run would be lost.
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

/** On the trigger that replaces the plain one: focus was there, and closing must find its way back to it. */
export function takeFocus(trigger: HTMLElement | null) {
  trigger?.focus({ preventScroll: true })
}
