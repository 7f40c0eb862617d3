'use client'

import { RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { FailureBanner } from '@/components/form/failure-banner'
import { useViewer } from '@/components/shell/me'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { toast } from '@/components/ui/toast'
import { failureOf } from '@/lib/browser/call'
import { useTranslations } from '@/lib/i18n/translations'
import { useResetSandbox } from './queries'

export function Reset() {
  const t = useTranslations('sandbox.reset')
  const common = useTranslations('common')
  const byRole = useViewer().me.method !== 'access_key'
  const [open, setOpen] = useState(false)
  const reset = useResetSandbox()

  function run() {
    reset.mutate(undefined, {
      onSuccess: () => {
        setOpen(false)
        toast(t('done'))
      },
    })
  }

  return (
    <>
      <Button icon={<RotateCcw />} onClick={() => setOpen(true)}>
        {t('button')}
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={t('title')}
        actions={
          <>
            <Button onClick={() => setOpen(false)}>{common('cancel')}</Button>
            <Button variant="danger" busy={reset.isPending} busyLabel={t('running')} onClick={run}>
              {t('button')}
            </Button>
          </>
        }
      >
        <p>{t('body')}</p>
        {byRole && <p className="mt-2">{t('role')}</p>}
        {reset.error && (
          <div className="mt-3">
            <FailureBanner error={failureOf(reset.error)} />
          </div>
        )}
      </Dialog>
    </>
  )
}
