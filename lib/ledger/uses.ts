import { randomUUID } from 'node:crypto'
import { and, eq, gte, inArray, isNull, or, sql } from 'drizzle-orm'
import { wrongAttemptsMax } from '@/lib/contract/code-attempts'
import { AppError } from '@/lib/contract/errors'
import { codeRequest } from '@/lib/db'
import { type Core, refuseApplied, refuseWhileBusy, sendingOf } from './core'
import { type ApplyOutcome, answeredAt, applied, atOnce } from './outcomes'
import type { Intent, Operator, Subject, VoidReason } from './requests'
import { supersede } from './timeouts'

/**
 * Whether an operation reverses the one applied last, given that one's intent. Compares what is done, not
 * what else is known about it.
 */
export type Reverses = (applied: Intent) => boolean

/**
 * Using codes, for the operation itself or to check whether it would succeed; and operations without a code.
 */
export function uses(core: Core) {
  const { change } = core
  return {
    /**
     * Records an attempt before its call, and takes one of the code's ten attempts.
     * @param changed the part of the intent that differs from what the code was sent for
     * @returns the number and intent for the call, and the intent `before` the change
     */
    beginApply: (subject: Subject, id: string, operator: Operator, changed?: Intent) =>
      beginUse(subject, id, { state: 'applying', operator, changed }),

    /** The same for a check (dry run or code check), which changes nothing whatever becomes of the call. */
    beginCheck: (subject: Subject, id: string, operator: Operator, changed?: Intent) =>
      beginUse(subject, id, { state: 'trying', operator, changed }),

    /**
     * Records an operation without a code before its call.
     * @param reverses whether it reverses what was applied last. If it does not, or if this is left out,
     * nothing is started after an applied one.
     */
    async beginWithoutCode(
      subject: Subject,
      { intent, operator, reverses }: { intent: Intent; operator: Operator; reverses?: Reverses },
    ): Promise<{ id: string; attempt: number }> {
      return change(subject, async (tx, view, now) => {
        refuseWhileBusy(subject, view)
        if (!reverses) refuseApplied(subject, view)
        else if (view.current?.state === 'applied' && !reverses(view.current.intent)) {
          throw new AppError('apply.in_progress', { params: { operation: subject.operation } })
        }
        const id = randomUUID()
        const attempt = 1
        await tx.insert(codeRequest).values({
          ...subject,
          operatorId: operator.operatorId,
          operatorName: operator.operatorName,
          id,
          state: 'applying',
          requiresCode: false,
          intent,
          startedAt: now,
          settledAt: now,
          applyAttempt: attempt,
          applyStartedAt: now,
          applyOperatorName: operator.operatorName,
        })
        return { id, attempt }
      })
    },

    /**
     * Records the answer to an attempt, a check or an operation without a code. `accepted` is recorded even if
     * something else was concluded before it came, or something was started since. Any other answer to an older
     * attempt changes nothing, nor does one that was recorded already: its commit may have succeeded although
     * the confirmation was lost.
     * @returns the attempts left for this code
     */
    async settleApply(
      subject: Subject,
      id: string,
      attempt: number,
      outcome: ApplyOutcome,
      noting = atOnce,
    ): Promise<{ attemptsLeft: number }> {
      return change(subject, async (tx, _, now) => {
        const mine =
          outcome.kind === 'accepted'
            ? and(gte(codeRequest.applyAttempt, attempt), isNull(codeRequest.applyRequestId))
            : and(eq(codeRequest.applyAttempt, attempt), unanswered)
        // A timeout has already given the attempt back; a late "wrong code" takes it again.
        const held = sql`(case when ${codeRequest.state} in ('applying', 'trying') then 1 else 0 end)`
        const costs = outcome.kind === 'wrong_code' ? 1 : 0
        const counted = { wrongAttempts: codeRequest.wrongAttempts }
        const [recorded] = await tx
          .update(codeRequest)
          .set({
            ...applied(outcome),
            ...(outcome.kind === 'accepted' && { voidReason: ifStill('undone') }),
            // A reconciliation concluded "not done" without this answer: that no longer holds.
            ...(outcome.kind !== 'unknown' && {
              reconcileResult: sql`nullif(${codeRequest.reconcileResult}, 'not_done')`,
            }),
            wrongAttempts: sql`greatest(0, ${codeRequest.wrongAttempts} - ${held} + ${costs})`,
            applySettledAt: answeredAt(now, codeRequest.applyStartedAt, noting),
          })
          .where(and(eq(codeRequest.id, id), mine))
          .returning({ ...counted, numberMasked: codeRequest.numberMasked })
        // A success ends older sends; a code that is open again may have been superseded meanwhile.
        if (recorded) await supersede(tx, [id])
        await noting.also(tx, recorded ?? null)
        const [row] = recorded
          ? [recorded]
          : await tx.select(counted).from(codeRequest).where(eq(codeRequest.id, id))
        return { attemptsLeft: wrongAttemptsMax - (row?.wrongAttempts ?? wrongAttemptsMax) }
      })
    },
  }

  async function beginUse(
    subject: Subject,
    id: string,
    use: { state: 'applying' | 'trying'; operator: Operator; changed: Intent | undefined },
  ): Promise<{ number: string | null; intent: Intent; before: Intent; attempt: number }> {
    return change(subject, async (tx, view, now) => {
      refuseWhileBusy(subject, view)
      const { current } = view
      if (current?.id !== id || current.state === 'applied') throw new AppError('code.request_closed')
      if (current.wrongAttempts >= wrongAttemptsMax)
        throw new AppError('code.no_attempts_left', { params: { limit: wrongAttemptsMax } })
      const { number, intent: before } = await sendingOf(core, tx, current)
      const intent = { ...before, ...use.changed }
      const attempt = current.attempt + 1
      const [begun] = await tx
        .update(codeRequest)
        .set({
          state: use.state,
          intent,
          wrongAttempts: sql`${codeRequest.wrongAttempts} + 1`,
          applyAttempt: attempt,
          applyStartedAt: now,
          applySettledAt: null,
          applyOperatorName: use.operator.operatorName,
          applyRequestId: null,
          applyError: null,
          reconcileAskedAt: null,
          reconciledAt: null,
          reconcileResult: null,
        })
        // A send of another subject may have superseded it just now (see `sharesCode`).
        .where(and(eq(codeRequest.id, id), inArray(codeRequest.state, ['sent', 'unknown'])))
        .returning({ id: codeRequest.id })
      if (!begun) throw new AppError('code.request_closed')
      return { number: number?.full ?? null, intent, before, attempt }
    })
  }
}

/** The latest attempt has no answer so far, whatever a timeout or a reconciliation has concluded. */
const unanswered = or(
  inArray(codeRequest.state, ['applying', 'apply_unknown', 'trying']),
  and(
    eq(codeRequest.state, 'sent'),
    or(isNull(codeRequest.applySettledAt), eq(codeRequest.reconcileResult, 'not_done')),
  ),
)

function ifStill(reason: VoidReason) {
  return sql`case when ${codeRequest.voidReason} = ${reason} then ${reason} end`
}
