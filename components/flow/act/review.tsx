import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { DescriptionList } from '@/components/ui/description-list'

/** What the operation will do, as `DescriptionRow`s, and what part of it cannot be undone. */
export function Review({ title, final, children }: { title: string; final: ReactNode; children: ReactNode }) {
  return (
    <>
      <h2 className="text-h3">{title}</h2>
      <DescriptionList>{children}</DescriptionList>
      <p className="flex gap-2.5 text-text2">
        <TriangleAlert className="mt-0.5 shrink-0 text-warnText" />
        <span className="min-w-0">{final}</span>
      </p>
    </>
  )
}
