'use client'

import { FailureBanner } from '@/components/form/failure-banner'
import { Page, PageHead } from '@/components/shell/page'
import { failureOf } from '@/lib/browser/call'
import { useTranslations } from '@/lib/i18n/translations'
import { Admins } from './admins'
import { Connection } from './connection'
import { Jobs } from './jobs'
import { Limits } from './limits'
import { Policies } from './policies'
import { useSettings } from './queries'
import { Sessions } from './sessions'

/** Who is signed in, with which permissions, within which limits, and where else. */
export function SettingsScreen() {
  const t = useTranslations('settings')
  const { data, error } = useSettings()
  return (
    <Page title={t('title')} ground="canvas">
      <PageHead title={t('title')} note={t('note')} />
      {error && (
        <div className="mb-4">
          <FailureBanner error={failureOf(error)} />
        </div>
      )}
      {data && (
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <Connection settings={data} />
          <Sessions />
          <Admins admins={data.admins} className="lg:col-span-2" />
          <Jobs jobs={data.jobs} className="lg:col-span-2" />
          <Policies policies={data.policies} className="lg:col-span-2" />
          <Limits operations={data.operations} className="lg:col-span-2" />
        </div>
      )}
    </Page>
  )
}
