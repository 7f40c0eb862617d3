'use client'

import { Toast } from '@base-ui/react/toast'
import { CircleCheck, X } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'

type ToastListProps = {
  waiting: readonly { key: number; text: ReactNode }[]
  onTaken: () => void
  label: string
  closeLabel: string
}

/** The lazily loaded part of `Toaster`. */
export function ToastList(props: ToastListProps) {
  return (
    <Toast.Provider timeout={5000} limit={3}>
      <Toast.Viewport
        aria-label={props.label}
        className="fixed right-4 bottom-4 z-70 flex w-80 max-w-[calc(100vw-2rem)] flex-col gap-2 outline-none"
      >
        <Toasts {...props} />
      </Toast.Viewport>
    </Toast.Provider>
  )
}

function Toasts({ waiting, onTaken, closeLabel }: ToastListProps) {
  const { toasts, add } = Toast.useToastManager()
  useEffect(() => {
    if (waiting.length === 0) return
    for (const { key, text } of waiting) add({ id: String(key), title: text })
    onTaken()
  }, [waiting, add, onTaken])
  return toasts.map((item) => (
    <Toast.Root key={item.id} toast={item} className="popup popup-motion rounded-card data-limited:hidden">
      <Toast.Content className="flex items-start gap-2.5 px-3.5 py-3">
        <CircleCheck className="mt-0.5 text-okText" />
        <Toast.Title className="min-w-0 flex-1 text-body font-medium" />
        <Toast.Close
          aria-label={closeLabel}
          className="-my-0.5 -mr-1.5 grid size-6 place-items-center rounded-tag text-text2 hover:bg-hover hover:text-text"
        >
          <X />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ))
}
