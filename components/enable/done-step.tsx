'use client'

import { useFlowFrame } from '@/components/flow/frame/flow-context'
import { isConfirmed } from '@/components/flow/request'
import { CliPanel, type Command } from '@/components/flow/result/cli-panel'
import { codePlaceholder, numberPlaceholder } from '@/components/flow/result/command'
import { ProofRows, ResultStep } from '@/components/flow/result/result-step'
import { Copyable } from '@/components/shell/copyable'
import { Link } from '@/components/shell/link'
import { AccountId } from '@/components/ui/account-id'
import { Banner } from '@/components/ui/banner'
import { buttonClass } from '@/components/ui/button-class'
import { Card, CardBody, CardHead } from '@/components/ui/card'
import { DescriptionRow } from '@/components/ui/description-list'
import type { CodeRequestView } from '@/lib/contract/code-flow'
import type { Directory, EnableFlow } from '@/lib/contract/enable'
import { accountNameSuffix, type EnableMode } from '@/lib/contract/enable-mode'
import { type EnablePlan, vendorParameters } from '@/lib/contract/vendor-calls'
import { useTranslations } from '@/lib/i18n/translations'
import { useRefreshViewer } from './queries'

/**
 * Only an accepted response says "enabled here"; a reconciliation shows only what it found.
 * @param known see `useRefreshViewer`
 */
export function DoneStep({
  flow,
  known,
  sandbox,
}: {
  flow: EnableFlow
  known: string | undefined
  /** True in the sandbox, where the emulator lists who can sign in to the new account. */
  sandbox: boolean
}) {
  const t = useTranslations('enable')
  const { request, directory, intent, accountToAllow } = flow
  useRefreshViewer(flow, known)
  if (!request || !intent) return null
  const { mode } = intent
  return (
    <ResultStep
      request={request}
      title={t(isConfirmed(request) ? 'done.title' : `done.foundTitle.${mode}`)}
      found={{ why: t('done.foundWhy'), body: t(`done.foundBody.${mode}`) }}
      side={<Next mode={mode} accountToAllow={accountToAllow} sandbox={sandbox} />}
      foot={<Commands request={request} intent={intent} />}
    >
      {directory && <DirectoryRows directory={directory} />}
      <ProofRows request={request} by={t('done.by')} applyId={t('done.enableId')} />
    </ResultStep>
  )
}

function DirectoryRows({ directory }: { directory: Directory }) {
  const t = useTranslations('enable.facts')
  const { directoryId, rootFolderId, managementAccountId, managementAccountName, company } = directory
  const id = (name: 'directory' | 'folder', value: string) => (
    <DescriptionRow label={t(name)}>
      <Copyable value={value} what={t(name)} />
    </DescriptionRow>
  )
  return (
    <>
      {id('directory', directoryId)}
      {id('folder', rootFolderId)}
      <DescriptionRow label={t('management')}>
        <Copyable value={managementAccountName} what={t('management')}>
          <span translate="no" className="min-w-0 wrap-anywhere">
            {managementAccountName}
          </span>
        </Copyable>
      </DescriptionRow>
      <DescriptionRow label={t('managementId')}>
        <Copyable value={managementAccountId} what={t('managementId')}>
          <AccountId id={managementAccountId} />
        </Copyable>
      </DescriptionRow>
      {company && <DescriptionRow label={t('company')}>{company}</DescriptionRow>}
    </>
  )
}

/** What to do next; with a new management account, the session has ended and this is its last page. */
function Next({
  mode,
  accountToAllow,
  sandbox,
}: {
  mode: EnableMode
  accountToAllow: string | null
  sandbox: boolean
}) {
  const t = useTranslations('enable.done')
  const { done } = useFlowFrame().exits
  return (
    <>
      {mode === 'new' && (
        <Banner tone="warn" title={t('new.ended')}>
          {t('new.endedBody')}
        </Banner>
      )}
      <Card aria-labelledby="next">
        <CardHead id="next" title={t('next')} />
        <CardBody className="grid gap-4 text-text2">
          {mode === 'current' ? (
            <>
              <p>{t('current.body')}</p>
              <p>{t('current.again')}</p>
              {done && (
                <Link href={done.href} className={buttonClass({ variant: 'primary' })}>
                  {done.text}
                </Link>
              )}
            </>
          ) : (
            <>
              <ol className="grid list-decimal gap-2 pl-5">
                <li>{t('new.root')}</li>
                <li>{t('new.user')}</li>
                {accountToAllow && (
                  <li>{t.rich('new.allow', { id: () => <AccountId id={accountToAllow} /> })}</li>
                )}
                <li>{t('new.signIn')}</li>
              </ol>
              {sandbox && <p>{t('new.sandbox')}</p>}
              {/* A full page load: nothing from the ended session may remain. */}
              <a href="/sign-in" className={buttonClass({ variant: 'primary' })}>
                {t('new.open')}
              </a>
            </>
          )}
        </CardBody>
      </Card>
    </>
  )
}

/** The same calls as commands. The number and the code are not stored, so placeholders replace them. */
function Commands({
  request,
  intent,
}: {
  request: CodeRequestView
  intent: NonNullable<EnableFlow['intent']>
}) {
  const t = useTranslations('enable.commandLine')
  const flow = useTranslations('flow.commandLine')
  const enable = (plan: EnablePlan): Command => ({
    name: t('enable'),
    call: 'enableDirectory',
    parameters: vendorParameters.enableDirectory(plan),
  })
  if (intent.mode === 'current') return <CliPanel commands={[enable({ mode: 'current' })]} />
  const phone = request.numberMasked && numberPlaceholder(request.numberMasked)
  return (
    <CliPanel
      note={t('note')}
      commands={[
        {
          name: flow('send'),
          call: 'sendEnableCode',
          parameters: vendorParameters.sendEnableCode({ phone }),
        },
        enable({
          mode: 'new',
          accountName: `${intent.namePrefix}${accountNameSuffix}`,
          phone,
          code: codePlaceholder,
        }),
      ]}
    />
  )
}
