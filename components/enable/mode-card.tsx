'use client'

import { Crown } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { AccountId } from '@/components/ui/account-id'
import { cx } from '@/components/ui/cx'
import { accountNameSuffix, type EnableMode } from '@/lib/contract/enable-mode'
import { useTranslations } from '@/lib/i18n/translations'

/**
 * One of the two modes: a radio button with the tree before and after, and its consequences (as children,
 * `<li>`).
 */
export function ModeCard({
  mode,
  accountId,
  picked,
  onPick,
  children,
}: {
  mode: EnableMode
  accountId: string
  picked: boolean
  onPick: () => void
  children: ReactNode
}) {
  const t = useTranslations('enable.choose')
  const id = useId()
  return (
    <section
      className={cx(
        'relative grid content-start gap-4 rounded-card border bg-surface p-5 transition-colors',
        'has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus',
        picked ? 'border-accent ring-1 ring-accent' : 'border-line hover:border-lineStrong',
      )}
    >
      <div className="flex gap-3">
        <input
          type="radio"
          id={`${id}radio`}
          name="mode"
          value={mode}
          checked={picked}
          onChange={onPick}
          aria-describedby={`${id}note ${id}what`}
          className="relative z-2 mt-0.75 size-4.5 shrink-0 appearance-none rounded-full border border-control bg-surface outline-none checked:border-[5.5px] checked:border-accent forced-colors:appearance-auto"
        />
        <div className="min-w-0">
          {/* Covers the whole card, so that a click anywhere on it selects the mode. */}
          <label
            htmlFor={`${id}radio`}
            className="text-h2 before:absolute before:inset-0 before:z-1 before:cursor-pointer"
          >
            {t(`${mode}.title`)}
          </label>
          <p id={`${id}note`} className="text-text3">
            {t(`${mode}.note`)}
          </p>
        </div>
      </div>
      <Trees mode={mode} accountId={accountId} />
      <ul id={`${id}what`} className="grid gap-2 text-text2">
        {children}
      </ul>
    </section>
  )
}

/** Where the account is now, and where it will be. */
function Trees({ mode, accountId }: { mode: EnableMode; accountId: string }) {
  const t = useTranslations('enable.choose')
  const own = (
    <>
      <AccountId id={accountId} /> <span className="whitespace-nowrap text-text3">{t('thisAccount')}</span>
    </>
  )
  return (
    <dl className="grid gap-x-3 gap-y-2.5 rounded-panel bg-canvas p-4 sm:grid-cols-[4.5rem_minmax(0,1fr)]">
      <dt className="text-caption text-text3 sm:pt-2">{t('now')}</dt>
      <dd className="min-w-0">
        <Node role={t('alone')}>{own}</Node>
      </dd>
      <dt className="text-caption text-text3 sm:pt-2">{t('then')}</dt>
      <dd className="min-w-0">
        {mode === 'current' ? (
          <Branch
            top={
              <Node role={t('managementNode')} manages>
                {own}
              </Node>
            }
          >
            <Node role={t('laterNode')} planned>
              <span className="text-text3">{t('noneYet')}</span>
            </Node>
          </Branch>
        ) : (
          <Branch
            top={
              <Node role={t('newNode')} manages planned>
                <span className="text-text3">{t('prefix')}</span>
                <span translate="no" className="wrap-anywhere">
                  {accountNameSuffix}
                </span>
              </Node>
            }
          >
            <Node role={t('memberNode')}>{own}</Node>
          </Branch>
        )}
      </dd>
    </dl>
  )
}

function Branch({ top, children }: { top: ReactNode; children: ReactNode }) {
  return (
    <>
      {top}
      <div className="relative ml-4 pt-2.5 pl-5">
        <span
          aria-hidden
          className="absolute top-0 left-0 h-[calc(50%+0.3125rem)] w-5 rounded-bl-tag border-b border-l border-lineStrong"
        />
        {children}
      </div>
    </>
  )
}

/** @param planned does not exist yet: drawn with a dashed border */
function Node({
  role,
  manages = false,
  planned = false,
  children,
}: {
  role: string
  manages?: boolean
  planned?: boolean
  children: ReactNode
}) {
  return (
    <span
      className={cx(
        'inline-block max-w-full rounded-panel border bg-surface px-3 py-1.5 text-small',
        planned && 'border-dashed',
        manages ? 'border-accent' : 'border-lineStrong',
      )}
    >
      <span className={cx('flex items-center gap-1.5', manages ? 'text-accentText' : 'text-text3')}>
        {manages && <Crown className="size-3.5" />}
        {role}
      </span>
      <span className="block">{children}</span>
    </span>
  )
}
