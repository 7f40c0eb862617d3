'use client'

import { Network, Waypoints } from 'lucide-react'
import { Suspense, useEffect, useState } from 'react'
import { type ResolverResult, type UseFormReturn, useForm, useFormState } from 'react-hook-form'
import { ActCard } from '@/components/flow/act/act-card'
import { useActForm } from '@/components/flow/act/act-form'
import { CancelLink } from '@/components/flow/frame/links'
import { FailureBanner } from '@/components/form/failure-banner'
import { lazyPart } from '@/components/shell/lazy-part'
import { Button } from '@/components/ui/button'
import { buttonClass } from '@/components/ui/button-class'
import { Card } from '@/components/ui/card'
import { Dialog } from '@/components/ui/dialog'
import { EmptyState } from '@/components/ui/empty-state'
import { Field } from '@/components/ui/field'
import { Mono } from '@/components/ui/mono'
import { SkeletonRows } from '@/components/ui/skeleton'
import { failureOf } from '@/lib/browser/call'
import type { AttachFlow, Cen } from '@/lib/contract/networks'
import { cenConsole } from '@/lib/contract/site'
import { useFieldWords } from '@/lib/i18n/field-words'
import { useTranslations } from '@/lib/i18n/translations'
import { OverlapDialog, useOverlaps } from './overlap'
import { useAttach, useCens, useCheckCen } from './queries'

// Loaded when the pointer or focus comes near the list; until then, the list stays as it is.
const OwnReview = lazyPart(() => import('./own-review').then((review) => review.OwnReview))
const fetchReview = () => void OwnReview.fetch().catch(() => undefined)

interface Values {
  cenId: string
}

interface Props {
  flow: AttachFlow
  regionName: string
  picked: Cen | null
  /** The CEN of the previous intent, if it can still be chosen. */
  firstId: string | null
  onPick: (cen: Cen) => void
}

/** One of the account's own CENs: no code is sent, a click and a confirmation are enough. */
export function OwnCen(props: Props) {
  const t = useTranslations('attach.own')
  const common = useTranslations('common')
  const { network, site } = props.flow
  const { data, error, isFetching, refetch } = useCens(network.region)
  const failure = failureOf(error)
  const { picked, firstId, onPick } = props
  const first = data?.cens.find(({ id, status }) => id === firstId && status === 'Active') ?? null
  // Selected for the rest of the page, too.
  useEffect(() => {
    if (!picked && first) onPick(first)
  }, [picked, first, onPick])
  if (!data) {
    if (!failure)
      return (
        <Card>
          <SkeletonRows rows={3} height="two-line" label={t('loading')} />
        </Card>
      )
    return (
      <>
        <FailureBanner error={failure} />
        <div>
          <Button busy={isFetching} busyLabel={t('loading')} onClick={() => refetch()}>
            {common('tryAgain')}
          </Button>
        </div>
      </>
    )
  }
  if (data.cens.length === 0) {
    return (
      <Card>
        <EmptyState
          icon={<Network />}
          title={t('none')}
          action={
            <a href={cenConsole[site]} target="_blank" rel="noreferrer" className={buttonClass()}>
              {t('open')}
            </a>
          }
        >
          {t('noneBody')}
        </EmptyState>
      </Card>
    )
  }
  return <OwnCenCard {...props} picked={picked ?? first} cens={data.cens} />
}

function OwnCenCard({ flow, regionName, picked, onPick, cens }: Props & { cens: Cen[] }) {
  const t = useTranslations('attach')
  const common = useTranslations('common')
  const { network } = flow
  const at = { region: network.region, networkId: network.id }
  const attach = useAttach(at)
  const check = useCheckCen(at)
  const [asking, setAsking] = useState(false)
  const overlaps = useOverlaps(picked?.id ?? '', check)
  const form = useForm<Values, unknown, Values>({
    defaultValues: { cenId: picked?.id ?? '' },
    resolver: (values): ResolverResult<Values> =>
      values.cenId
        ? { values, errors: {} }
        : { values: {}, errors: { cenId: { type: 'required', message: 'cen.unchosen' } } },
  })
  const act = useActForm({
    form,
    fields: ['cenId'],
    act: attach,
    toInput: ({ cenId }) => ({ cenId }),
    check,
  })

  function pick(cen: Cen) {
    // An error about another CEN no longer applies.
    attach.reset()
    onPick(cen)
  }

  function attachNow() {
    setAsking(false)
    act.submit(form.getValues())
  }

  return (
    <>
      <ActCard
        act={{ ...act, submit: () => setAsking(!act.busy && !act.held) }}
        // A refusal about another account's CEN is shown where that is chosen.
        reportsRefusal={!flow.refusedCen?.ownerId}
        verb={t('attachVerb')}
        busyVerb={t('attaching')}
        icon={<Waypoints />}
        leave={<CancelLink />}
      >
        <CenList form={form} cens={cens} onPick={pick} />
        {picked && (
          <Suspense>
            <OwnReview network={network} regionName={regionName} cen={picked} check={check} />
          </Suspense>
        )}
      </ActCard>
      {overlaps && (
        <OverlapDialog
          open={asking}
          onOpenChange={setAsking}
          onConfirm={attachNow}
          network={network}
          overlaps={overlaps}
        />
      )}
      {picked && !overlaps && (
        <Dialog
          open={asking}
          onOpenChange={setAsking}
          title={t('own.confirm', { name: network.name || network.id, cen: picked.name || picked.id })}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>{common('cancel')}</Button>
              <Button variant="primary" onClick={attachNow}>
                {t('attachVerb')}
              </Button>
            </>
          }
        >
          {t('own.confirmBody', { range: network.cidrBlock })}
        </Dialog>
      )}
    </>
  )
}

function CenList({
  form,
  cens,
  onPick,
}: {
  form: UseFormReturn<Values, unknown, Values>
  cens: Cen[]
  onPick: (cen: Cen) => void
}) {
  const t = useTranslations('attach.own')
  const common = useTranslations('common')
  const words = useFieldWords()
  const { errors } = useFormState({ control: form.control })
  // An undocumented status does not block the choice: Alibaba Cloud decides.
  const usable = ({ status }: Cen) => status === 'Active' || !t.has(statusKey(status))
  const register = form.register('cenId', {
    onChange({ target }) {
      const cen = cens.find(({ id }) => id === target.value)
      if (cen) onPick(cen)
    },
  })
  const sorted = [...cens].sort((a, b) => Number(usable(b)) - Number(usable(a)))
  return (
    <Field group label={t('label')} error={words(errors.cenId?.message)} required>
      <div className="grid gap-2">
        {sorted.map((cen) => (
          <label
            key={cen.id}
            onPointerEnter={fetchReview}
            className="flex items-start gap-2.5 rounded-panel border border-lineStrong px-3 py-2.5 transition-colors has-checked:border-accent has-checked:bg-accentSoft has-enabled:cursor-pointer has-disabled:bg-sunken has-[:enabled:not(:checked)]:hover:bg-hover has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
          >
            <input
              type="radio"
              {...register}
              onFocus={fetchReview}
              value={cen.id}
              disabled={!usable(cen)}
              className="mt-0.5 size-4 shrink-0 appearance-none rounded-full border border-control bg-surface outline-none checked:border-5 checked:border-accent disabled:bg-sunken forced-colors:appearance-auto"
            />
            <span className="min-w-0">
              <span className="block font-medium wrap-anywhere">{cen.name || cen.id}</span>
              <span className="block text-small text-text3">
                <Mono>{cen.id}</Mono>
                {!usable(cen) && (
                  <span className="block">{t('notActive', { status: t(statusKey(cen.status)) })}</span>
                )}
                {usable(cen) && cen.status !== 'Active' && (
                  <span className="block">
                    {t('unknownStatus', { status: cen.status || common('none') })}
                  </span>
                )}
              </span>
            </span>
          </label>
        ))}
      </div>
    </Field>
  )
}

function statusKey(status: string) {
  return `status.${status}` as 'status.Creating'
}
