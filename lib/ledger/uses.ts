import { randomUUID } from 'node:crypto'
import { and, eq, gte, inArray, isNull, or, sql } from 'drizzle-orm'
import { wrongAttemptsMax } from '@/lib/contract/code-attempts'
import { AppError } from '@/lib/contract/errors'
import { codeRequest } from '@/lib/db'
import { type Core, refuseApplied, refuseWhileBusy, sendingOf } from './core'
import { type ApplyOutcome, answeredAt, applied, atOnce } from './outcomes'
import type { Intent, Operator, Subject, VoidReason } from './requests'
import { supersede } from './timeouts'

/** Judges by what was applied last. It compares what is done, not what else is known of it. */
export type Reverses = (applied: Intent) => boolean

/** Codes being used, for an act or to try whether it would succeed; and acts that need none. */
export function uses(core: Core) {
  const { change } = core
  return {
    /**
     * Notes the use of a code before its call, and takes one of its ten tries.
     * @param changed what is to be brought about otherwise than when the code was sent
     * @returns what to use it with, and what was to be brought about `before`
     */
    beginApply: (subject: Subject, id: string, operator: Operator, changed?: Intent) =>
      beginUse(subject, id, { state: 'applying', operator, changed }),

    /** The same where it is only asked whether the act would succeed: whatever becomes of the call, nothing is done. */
    beginCheck: (subject: Subject, id: string, operator: Operator, changed?: Intent) =>
      beginUse(subject, id, { state: 'trying', operator, changed }),

    /**
     * Notes an act that needs no code before its call.
     * @param reverses whether it takes back what was applied before; without it, and for the same act once more, nothing begins
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
     * Notes the answer of a use, a trial or an act without a code. That the act was accepted stays true whatever was
     * concluded without the answer and whatever was begun since. Any other answer of an older attempt changes nothing, nor
     * does one that was noted already: its commit may have got through although the news of it did not.
     * @returns the tries that are left for this code
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
        // What time ended has its try back already; a late "wrong code" takes it again.
        const taken = sql`(case when ${codeRequest.state} in ('applying', 'trying') then 1 else 0 end)`
        const costs = outcome.kind === 'wrong_code' ? 1 : 0
        const counted = { wrongAttempts: codeRequest.wrongAttempts }
        const [noted] = await tx
          .update(codeRequest)
          .set({
            ...applied(outcome),
            ...(outcome.kind === 'accepted' && { voidReason: ifStill('undone') }),
            // What a look-up concluded from silence is not true any more.
            ...(outcome.kind !== 'unknown' && {
              reconcileResult: sql`nullif(${codeRequest.reconcileResult}, 'not_done')`,
            }),
            wrongAttempts: sql`greatest(0, ${codeRequest.wrongAttempts} - ${taken} + ${costs})`,
            applySettledAt: answeredAt(now, codeRequest.applyStartedAt, noting),
          })
          .where(and(eq(codeRequest.id, id), mine))
          .returning({ ...counted, numberMasked: codeRequest.numberMasked })
        // What took effect ends older sends; a code that is open again may have been replaced meanwhile.
        if (noted) await supersede(tx, [id])
        await noting.also(tx, noted ?? null)
        const [row] = noted
          ? [noted]
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
        // A send of another subject may have taken its place at this very moment (see `sharesCode`).
        .where(and(eq(codeRequest.id, id), inArray(codeRequest.state, ['sent', 'unknown'])))
        .returning({ id: codeRequest.id })
      if (!begun) throw new AppError('code.request_closed')
      return { number: number?.full ?? null, intent, before, attempt }
    })
  }
}

/** Nobody has answered the latest use so far, whatever time or a look-up has concluded. */
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
