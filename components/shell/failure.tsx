'use client'

import { useEffect, useState } from 'react'
import { Button } from '@/components/ui/button'
import { FullPageMessage } from './full-page-message'

// Whatever provides the message catalog may be what failed: these few words come along, in both languages.
const words = {
  en: {
    title: 'This page could not be shown',
    body: 'The console met a fault of its own. Reload to see the state as it is before you repeat anything; if the fault stays, give the digest to whoever runs this console.',
    digest: 'Digest',
    retry: 'Try again',
  },
  zh: {
    title: '页面无法显示',
    body: '控制台自身出现故障。重复任何操作前，请先重新加载页面查看当前状态；如仍未恢复，请将摘要提供给控制台的维护人员。',
    digest: '摘要',
    retry: '重试',
  },
}

/** The last resort of every page. */
export function Failure({ digest, retry }: { digest: string | undefined; retry: () => void }) {
  const [language, setLanguage] = useState<keyof typeof words>('en')
  useEffect(() => {
    if (document.cookie.includes('muster-locale=zh')) setLanguage('zh')
  }, [])
  const t = words[language]
  return (
    <div lang={language}>
      <FullPageMessage title={t.title} body={t.body}>
        <Button variant="primary" onClick={retry}>
          {t.retry}
        </Button>
        {digest && (
          <span className="font-mono text-mono text-text3">
            {t.digest} {digest}
          </span>
        )}
      </FullPageMessage>
    </div>
  )
}
