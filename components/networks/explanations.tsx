'use client'

import { CircleMinus, Mail, MessageSquareText, Waypoints } from 'lucide-react'
import type { ReactNode } from 'react'
import { useViewer } from '@/components/shell/me'
import { useTranslations } from '@/lib/i18n/translations'

/** What attaching means, where the code is sent, and which networks cannot be attached. */
export function Explanations() {
  const t = useTranslations('networks.explain')
  const { site } = useViewer().me
  return (
    <div className="mt-6 grid gap-x-8 gap-y-5 md:grid-cols-3">
      <Explanation icon={<Waypoints />} title={t('joins')}>
        {t('joinsBody')}
      </Explanation>
      <Explanation icon={site === 'china' ? <MessageSquareText /> : <Mail />} title={t('code')}>
        {t(`codeBody.${site}`)}
      </Explanation>
      <Explanation icon={<CircleMinus />} title={t('cannot')}>
        {t('cannotBody')}
      </Explanation>
    </div>
  )
}

function Explanation({ icon, title, children }: { icon: ReactNode; title: string; children: string }) {
  return (
    <div className="flex gap-2.5">
      <span className="mt-0.5 flex h-4 shrink-0 text-text2">{icon}</span>
      <div className="min-w-0">
        <h2 className="text-h3">{title}</h2>
        <p className="mt-0.5 text-text2">{children}</p>
      </div>
    </div>
  )
}
