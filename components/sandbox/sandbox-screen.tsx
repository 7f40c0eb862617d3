'use client'

import { FailureBanner } from '@/components/form/failure-banner'
import { Page, PageHead } from '@/components/shell/page'
import { SkeletonRows } from '@/components/ui/skeleton'
import { failureOf } from '@/lib/browser/call'
import { useTranslations } from '@/lib/i18n/translations'
import { Calls } from './calls'
import { Clock } from './clock'
import { Faults } from './faults'
import { Inbox } from './inbox'
import { useSandbox } from './queries'
import { Reset } from './reset'
import { SignIns } from './sign-ins'

/** What the emulator received and sent, and the controls that make it fail or move its clock. */
export function SandboxScreen() {
  const t = useTranslations('sandbox')
  const { data, error } = useSandbox()
  return (
    <Page title={t('title')} ground="canvas">
      <PageHead title={t('title')} note={t('note')} actions={<Reset />} />
      {error && (
        <div className="mb-4">
          <FailureBanner error={failureOf(error)} />
        </div>
      )}
      {data ? (
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_21rem]">
          <div className="grid min-w-0 gap-4">
            <Inbox
              messages={data.messages}
              total={data.messageTotal}
              now={data.clock.now}
              live={error === null}
            />
            <Calls calls={data.calls} total={data.callTotal} />
            <SignIns personas={data.personas} />
          </div>
          <div className="grid items-start gap-4 md:grid-cols-2 xl:grid-cols-1">
            <Faults operations={data.operations} armed={data.faults} />
            <Clock now={data.clock.now} offsetSeconds={data.clock.offsetSeconds} />
          </div>
        </div>
      ) : (
        !error && <SkeletonRows rows={6} height="two-line" label={t('loading')} />
      )}
    </Page>
  )
}
