import { CircleQuestionMark, ShieldCheck, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Badge, type BadgeTone } from '@/components/ui/badge'
import { Card, CardBody, CardHead } from '@/components/ui/card'
import { useTranslations } from '@/lib/i18n/translations'

interface Words {
  name: string
  note: string
}

/** How a look-up can end: done, not done, still unknown. */
export function Endings({ done, notDone }: { done: Words; notDone: Words }) {
  const t = useTranslations('flow.endings')
  return (
    <Card aria-labelledby="endings">
      <CardHead id="endings" title={t('title')} />
      <CardBody className="grid gap-4 text-small text-text2">
        <Ending tone="ok" icon={<ShieldCheck />} {...done} />
        <Ending tone="warn" icon={<TriangleAlert />} {...notDone} />
        <Ending tone="warn" icon={<CircleQuestionMark />} name={t('unknown')} note={t('unknownNote')} />
      </CardBody>
    </Card>
  )
}

function Ending({ tone, icon, name, note }: Words & { tone: BadgeTone; icon: ReactNode }) {
  return (
    <div className="grid justify-items-start gap-1.5">
      <Badge tone={tone} icon={icon}>
        {name}
      </Badge>
      <p>{note}</p>
    </div>
  )
}
