import { and, eq, isNull, sql } from 'drizzle-orm'
import { codeRequest, storageBlock } from '@/lib/db'
import type { Core } from './core'
import { policyOf } from './policy'
import type { CodeRequest, ReconcileResult, Subject } from './requests'
import { supersede } from './timeouts'
import { type LedgerView, readView } from './view'

/** One reconciliation of an attempt whose outcome is unknown. */
export interface Reconciliation {
  id: string
  attempt: number
  /**
   * Whether `not_done` and `gone` prove anything: the call has timed out, and its effect would be shown by
   * now.
   */
  conclusive: boolean
}

/** Compares requests with Alibaba Cloud's own state: those without an answer, and those answered long ago. */
export function reconciliations({ db, now, change, limits }: Core) {
  /** While nothing can be stored, nothing is reconciled: no result could be kept. */
  async function unchanged(subject: Subject, error: unknown): Promise<LedgerView> {
    if (!storageBlock(error)) throw error
    return readView(db, subject, limits, await now())
  }
  return {
    /**
     * Begins a reconciliation if the outcome of the current request is unknown. Records that Alibaba Cloud is
     * asked, whatever comes of it, so that polling also pauses when no answer settles anything.
     * @returns the current request, and the reconciliation; null if there is nothing to reconcile or nothing
     * can be stored
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

    /**
     * Records the result of a reconciliation. A request whose number was erased meanwhile cannot be used
     * again and ends.
     */
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

    /** Records, once, that Alibaba Cloud shows what it accepted before. */
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
     * Records that Alibaba Cloud no longer has what was applied, so that the operation can be started over.
     * Within the in-flight timeout after the operation this is ignored, since Alibaba Cloud's answer may be from
     * before it, unless the caller knows that it is not (`certainly`).
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

/** An operation without effect can be repeated with its code, unless it had none or the number was erased. */
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
