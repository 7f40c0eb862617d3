'use client'

import { useEffect, useState, useTransition } from 'react'
import { forgetTyped, isTyped } from '@/components/form/typed'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { useTranslations } from '@/lib/i18n/translations'
import { useLoading } from './loading'

let question: ((go: () => void) => void) | null = null

/** Leaves the page inside the document; with unsaved input, only after confirmation. */
export function confirmLeave(go: () => void): void {
  if (isTyped() && question) question(go)
  else go()
}

/**
 * Asks before a link, Back or signing out loses what was typed; before another document, the browser asks
 * itself.
 */
export function LeaveDialog() {
  const t = useTranslations('shell.leave')
  const [leaving, setLeaving] = useState<{ go: () => void } | null>(null)
  const [loading, start] = useTransition()
  useLoading(loading)

  useEffect(() => {
    question = (go) => setLeaving({ go })
    return () => {
      question = null
    }
  }, [])
  useEffect(watchBack, [])

  function leave() {
    forgetTyped()
    setLeaving(null)
    if (leaving) start(leaving.go)
  }

  return (
    <Dialog
      open={leaving !== null}
      onOpenChange={(open) => open || setLeaving(null)}
      title={t('title')}
      actions={
        <>
          <Button onClick={() => setLeaving(null)}>{t('stay')}</Button>
          <Button variant="danger" onClick={leave}>
            {t('leave')}
          </Button>
        </>
      }
    >
      {t('body')}
    </Dialog>
  )
}

/** A browser without the Navigation API goes back without asking. @returns a function that stops watching */
function watchBack(): (() => void) | undefined {
  if (!('navigation' in window)) return undefined
  const { navigation } = window
  function onNavigate(event: NavigateEvent) {
    const { key, sameDocument, url } = event.destination
    if (event.navigationType !== 'traverse' || !event.cancelable || !sameDocument || !isTyped()) return
    // The steps of one page keep their own input.
    if (url !== null && new URL(url).pathname === window.location.pathname) return
    event.preventDefault()
    confirmLeave(() => void navigation.traverseTo(key))
  }
  navigation.addEventListener('navigate', onNavigate)
  return () => navigation.removeEventListener('navigate', onNavigate)
}
