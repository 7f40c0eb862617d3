'use client'

import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { buttonClass } from './button-class.ts'

export type DialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** The question. */
  title: ReactNode
  /** The consequence. */
  children?: ReactNode
  /** Cancel, then the verb: the last button confirms. */
  actions: ReactNode
}

export type DrawerProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  label: string
  closeLabel: string
  children: ReactNode
}

const backdrop =
  'fixed inset-0 bg-codeBg/45 transition-opacity duration-160 data-ending-style:opacity-0 data-starting-style:opacity-0'

/** The lazily loaded part of `Dialog`. */
export function DialogPopup({ open, onOpenChange, title, children, actions }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal className="relative z-60">
        <Base.Backdrop className={backdrop} />
        <Base.Viewport className="fixed inset-0 grid place-items-center overflow-y-auto p-4">
          <Base.Popup className="popup popup-motion w-full max-w-110 rounded-dialog p-5 shadow-dialog outline-none">
            <Base.Title className="text-h2">{title}</Base.Title>
            <Base.Description render={<div />} className="mt-1.5 text-body text-text2">
              {children}
            </Base.Description>
            <div className="mt-5 flex flex-wrap justify-end gap-2 max-md:flex-col-reverse max-md:*:h-11 max-md:*:w-full">
              {actions}
            </div>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}

/** The lazily loaded part of `Drawer`. */
export function DrawerPopup({ open, onOpenChange, label, closeLabel, children }: DrawerProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal className="relative z-40">
        <Base.Backdrop className={backdrop} />
        <Base.Popup
          aria-label={label}
          className="fixed inset-y-0 left-0 flex w-72 max-w-[calc(100vw-3rem)] flex-col overflow-y-auto border-r px-3 pt-13 pb-3 border-line bg-canvas outline-none transition-[opacity,translate] duration-160 ease-out data-ending-style:-translate-x-4 data-ending-style:opacity-0 data-starting-style:-translate-x-4 data-starting-style:opacity-0"
        >
          <Base.Close
            aria-label={closeLabel}
            className={buttonClass({ variant: 'quiet', size: 'icon', className: 'absolute top-2 right-2' })}
          >
            <X />
          </Base.Close>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
