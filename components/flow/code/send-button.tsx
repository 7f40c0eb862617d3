'use client'

import { Send } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { useTranslations } from '@/lib/i18n/translations'
import type { Act } from '../flow'
import { clockText } from '../frame/countdown'

/** Submits the form that asks for the first code. @param wait seconds of the cool-down that the server keeps */
export function SendButton<V>({ send, wait }: { send: Act<V>; wait: number }) {
  const t = useTranslations('flow')
  return (
    <Button
      variant="primary"
      size="form"
      type="submit"
      icon={<Send />}
      busy={send.isPending}
      busyLabel={t('sending')}
      unavailable={wait > 0}
    >
      {wait > 0 ? t('sendIn', { time: clockText(wait) }) : t('send')}
    </Button>
  )
}
