import type { ReactNode } from 'react'
import { Logo } from '@/components/ui/logo'

/** A page without the console frame: not found, or failed. */
export function FullPageMessage({
  title,
  body,
  children,
}: {
  title: string
  body: string
  children?: ReactNode
}) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-4 px-4 py-10">
      <Logo size={28} />
      <div>
        <h1 className="text-h1 font-semibold">{title}</h1>
        <p className="mt-1 text-text2">{body}</p>
      </div>
      <div className="flex flex-wrap items-center gap-3">{children}</div>
    </main>
  )
}
