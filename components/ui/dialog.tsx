'use client'

import { useEffect, useState } from 'react'
import type { DialogProps, DrawerProps } from './dialog-popup.tsx'
import { takePart } from './missing-part.ts'

type Popups = typeof import('./dialog-popup.tsx')

/** The code of dialogs, loaded when the first one opens; then kept, so that closing can be animated. */
function usePopups(open: boolean): Popups | undefined {
  const [popups, setPopups] = useState<Popups>()
  useEffect(() => {
    if (open && !popups) takePart(import('./dialog-popup.tsx'), setPopups)
  }, [open, popups])
  return popups
}

/**
 * For operations that cannot be undone or may use up a code. Pass an error as one of its children: it stays
 * open.
 */
export function Dialog(props: DialogProps) {
  const popups = usePopups(props.open)
  return popups ? <popups.DialogPopup {...props} /> : null
}

/** A panel from the left edge, for the navigation on small screens. */
export function Drawer(props: DrawerProps) {
  const popups = usePopups(props.open)
  return popups ? <popups.DrawerPopup {...props} /> : null
}
