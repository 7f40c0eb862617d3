import { and, eq, isNull, sql } from 'drizzle-orm'
import { codeRequest, storageBlock } from '@/lib/db'
import type { Core } from './core'
import { policyOf } from './policy'
import type { CodeRequest, ReconcileResult, Subject } from './requests'
import { supersede } from './timeouts'
import { type LedgerView, readView } from './view'

/** One look-up of a use of unknown outcome. */
export interface Reconciliation {
  id: string
  attempt: number
  conclusive: boolean
}

/** What Alibaba Cloud's own state says of acts: of those without an answer, and of those that were answered long ago. */
export function reconciliations({ db, now, change, limits }: Core) {
  /** While nothing can be stored nothing is looked up: no answer could be kept. */
  async function unchanged(subject: Subject, error: unknown): Promise<LedgerView> {
    if (!storageBlock(error)) throw error
    return readView(db, subject, limits, await now())
  }
  return {
    /**
     * The current request, and what a look-up that begins now may prove of it when its use is of unknown outcome. "Not done"
     * proves nothing while the call may still be running, or its effect not be shown: `conclusive` is false until then.
     * It is noted as asked, whatever comes of it: polling waits its pause also where no answer tells.
     * @returns `reconcile` null when nothing is to be looked up, or nothing can be stored
     */
    async beginReconciliation(
      subject: Subject,
    ): Promise<{ current: CodeRequest | null; reconcile: Reconciliation | null }> {
      return change(subject, async (tx, { current }, now) => {
        if (current?.state !== 'apply_unknown') return { current, reconcile: null }
        const after = Math.max(policyOf(subject.operation).shownAfterSeconds, limits.inFlightTimeoutSeconds)
        const [row] = await tx
          .update(codeRequest)
          .set({ reconcileAskedAt: now })
          .where(eq(codeRequest.id, current.id))
          .returning({
            conclusive: sql<boolean>`${codeRequest.applyStartedAt} < ${now} - make_interval(secs => ${after})`,
          })
        const { id, attempt } = current
        return { current, reconcile: { id, attempt, conclusive: row?.conclusive ?? false } }
      }).catch(async (error) => ({ current: (await unchanged(subject, error)).current, reconcile: null }))
    },

    /** Notes what that look-up found. A request whose number was erased meanwhile cannot be used again and ends. */
    async recordReconciliation(
      subject: Subject,
      reconcile: Reconciliation,
      result: ReconcileResult,
    ): Promise<void> {
      await change(subject, async (tx, _, now) => {
        const unknown = and(
          eq(codeRequest.id, reconcile.id),
          eq(codeRequest.applyAttempt, reconcile.attempt),
          eq(codeRequest.state, 'apply_unknown'),
        )
        const [row] = await tx
          .update(codeRequest)
          .set({ reconciledAt: now, reconcileResult: result })
          .where(unknown)
          .returning({
            requiresCode: codeRequest.requiresCode,
            sealed: codeRequest.numberSealed,
            masked: codeRequest.numberMasked,
          })
        if (!row || result === 'not_reported' || (result !== 'done' && !reconcile.conclusive)) return
        const ended =
          result === 'done'
            ? ({ state: 'applied', numberSealed: null } as const)
            : result === 'gone'
              ? ({ state: 'void', voidReason: 'gone', numberSealed: null } as const)
              : endedUndone(row)
        await tx.update(codeRequest).set(ended).where(unknown)
        await supersede(tx, [reconcile.id])
      })
    },

    /** Notes that a look-up found what was accepted before; told once. */
    async recordFound(subject: Subject, id: string): Promise<void> {
      await change(subject, async (tx, _, now) => {
        await tx
          .update(codeRequest)
          .set({ reconciledAt: now, reconcileResult: 'done' })
          .where(
            and(
              eq(codeRequest.id, id),
              eq(codeRequest.state, 'applied'),
              isNull(codeRequest.reconcileResult),
            ),
          )
      })
    },

    /**
     * Notes that Alibaba Cloud does not have any more what took effect here: the next act begins anew. Answers soon after
     * the act are not believed, since they may be older than it, unless `certainly` says that they cannot be.
     */
    async undone(subject: Subject, id: string, { certainly = false } = {}): Promise<void> {
      await change(subject, async (tx, { current }, now) => {
        if (current?.id !== id || current.state !== 'applied') return
        const old = sql`greatest(${codeRequest.applySettledAt}, ${codeRequest.reconciledAt}) < ${now} - make_interval(secs => ${limits.inFlightTimeoutSeconds})`
        await tx
          .update(codeRequest)
          .set({ voidReason: 'undone' })
          .where(and(eq(codeRequest.id, id), certainly ? undefined : old))
      })
    },
  }
}

/** An act that did nothing can be done again, unless it had no code or its number was erased. */
function endedUndone({
  requiresCode,
  sealed,
  masked,
}: {
  requiresCode: boolean
  sealed: string | null
  masked: string | null
}) {
  if (!requiresCode) return { state: 'void', voidReason: 'not_done' } as const
  const usable = sealed !== null || masked === null
  return usable ? ({ state: 'sent' } as const) : ({ state: 'void', voidReason: 'too_old' } as const)
}
