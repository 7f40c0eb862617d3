'use client'

import { useEffect, useRef, useSyncExternalStore } from 'react'
import { reloadOnce } from '@/lib/browser/reload-once'
import type { OutputOf } from '@/lib/contract/endpoints'

// The messages, icons or buttons may be what failed, and every page includes this component: it has its own
// few texts, in both languages, and uses no other code of the console.
const words = {
  en: {
    title: 'This page could not be shown',
    body: 'An error occurred in the console. Before you repeat anything, reload the page to check the current state. If the error persists, send the digest to the server administrator.',
    digest: 'Digest',
    retry: 'Try again',
    upgraded:
      'A part of this page could not be loaded. The console may have been upgraded. Reload the page to see the current state.',
    reload: 'Reload',
    noDatabase:
      'This console cannot reach its database. The page opens automatically once the database is back. If this continues, ask the server administrator to check the database server.',
  },
  zh: {
    title: '页面无法显示',
    body: '本控制台出现错误。重新操作前，请先刷新页面，查看当前状态。如果问题持续存在，请将错误标识提供给服务器管理员。',
    digest: '错误标识',
    retry: '重试',
    upgraded: '本页的部分内容无法加载，可能是本控制台已升级。请刷新页面，查看当前状态。',
    reload: '刷新页面',
    noDatabase:
      '本控制台无法连接数据库。数据库恢复后页面会自动打开。如果问题持续存在，请联系服务器管理员检查数据库服务器。',
  },
}

/** The digest of an unavailable database: see `lib/http/page.ts`. */
const noDatabase = 'storage.unavailable'

/**
 * Pages can be read even if nothing can be stored. Reloading earlier would take away the focus and the
 * button.
 */
function canRead({ ready, reason }: OutputOf<'getReady'>): boolean {
  return ready || reason === 'no_space' || reason === 'read_only'
}

const never = () => () => undefined

/** A preference of this browser, read from its cookies without any of our code. */
function useChoice(pattern: RegExp, otherwise: string): string {
  return useSyncExternalStore(
    never,
    () => pattern.exec(document.cookie)?.[1] ?? otherwise,
    () => otherwise,
  )
}

/** The last resort of every page: a complete document, since the layout may be what failed. */
export function Failure({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  const { digest } = error
  const language = useChoice(/muster-locale=(zh)/, 'en') === 'zh' ? 'zh' : 'en'
  const theme = useChoice(/muster-theme=(light|dark)/, 'system')
  const t = words[language]
  const heading = useRef<HTMLHeadingElement>(null)
  // The element that had the focus is gone with the page.
  useEffect(() => heading.current?.focus(), [])
  const waits = digest === noDatabase
  const upgraded = error.name === 'ChunkLoadError'
  useEffect(() => {
    if (upgraded) void reloadOnce()
  }, [upgraded])
  useEffect(() => {
    if (!waits) return
    const timer = setInterval(async () => {
      const readable = await fetch('/api/ready')
        .then((reply) => reply.json())
        .then(canRead, () => false)
      if (readable) window.location.reload()
    }, 3_000)
    return () => clearInterval(timer)
  }, [waits])
  return (
    <html lang={language} data-theme={theme}>
      <body>
        <title>{t.title}</title>
        <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-4 px-4 py-10">
          <h1 ref={heading} tabIndex={-1} className="text-h1">
            {t.title}
          </h1>
          <p className="text-text2">{waits ? t.noDatabase : upgraded ? t.upgraded : t.body}</p>
          <p>
            <button
              type="button"
              className="link"
              onClick={upgraded ? () => window.location.reload() : retry}
            >
              {upgraded ? t.reload : t.retry}
            </button>
          </p>
          {digest && (
            <p className="font-mono text-mono text-text3">
              {t.digest} {digest}
            </p>
          )}
        </main>
      </body>
    </html>
  )
}
