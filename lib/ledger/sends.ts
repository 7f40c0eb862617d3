import { randomUUID } from 'node:crypto'
import { and, desc, eq, isNull, ne, type SQL, sql } from 'drizzle-orm'
import { AppError } from '@/lib/contract/errors'
import { CODE_REQUEST_STATES, codeRequest, type Db } from '@/lib/db'
import { type Core, refuseApplied, refuseWhileBusy, type Sending, sendingOf } from './core'
import { answeredAt, atOnce, type SendOutcome, sent } from './outcomes'
import { policyOf } from './policy'
import {
  type CodeRequest,
  type Intent,
  isSameRecipient,
  type Operator,
  type Subject,
  sharesCode,
} from './requests'
import { among, waitingStates } from './states'
import { endTimedOut, supersede } from './timeouts'
import { cooldownLeft, type LedgerView } from './view'

/** States in which a request has the code that counts. */
const countingStates = new Set<CodeRequest['state']>(['sending', ...waitingStates, 'trying', 'applying'])

/** Sending codes, and discarding requests. */
export function sends(core: Core) {
  const { change, vault, limits } = core
  return {
    /**
     * Records a send before its call.
     * @param sending null = resend as the current request
     * @param seen id of the open request that the operator was shown; null = none. If another one was started
     * since, a send to a different recipient is refused. If left out, this is not checked.
     * @param confirmResend the outcome of the last send was shown as unknown, and the operator sends anyway
     * @throws AppError if a send or an attempt is in flight, during the cool-down, before an unknown outcome is
     * reconciled or an unknown send confirmed, once the operation has taken effect, or if there is nothing to resend
     */
    async beginSend(
      subject: Subject,
      input: { sending: Sending | null; operator: Operator; confirmResend: boolean; seen?: string | null },
    ): Promise<{ id: string; number: string | null; intent: Intent }> {
      const begin = async (tx: Db, view: LedgerView, now: SQL) => {
        if (input.sending && input.seen !== undefined && view.current?.id !== input.seen)
          await refuseSecond(tx, subject, view.current, { ...input, sending: input.sending })
        refuseWhileBusy(subject, view)
        refuseApplied(subject, view)
        if (view.cooldownSeconds > 0)
          throw new AppError('send.cooling_down', { params: { seconds: view.cooldownSeconds } })
        if (view.current?.sendOutcome === 'unknown' && !input.confirmResend)
          throw new AppError('send.outcome_unknown')
        const { number, intent } = input.sending ?? (await sendingOf(core, tx, view.current))
        await refuseSharedCode(tx, subject, intent, now)
        const id = randomUUID()
        await tx.insert(codeRequest).values({
          ...subject,
          operatorId: input.operator.operatorId,
          operatorName: input.operator.operatorName,
          id,
          state: 'sending',
          intent,
          numberSealed: number && vault.seal(number.full, id),
          numberMasked: number?.masked ?? null,
          numberFingerprint: number && vault.fingerprint(number.full, 'number'),
          startedAt: now,
        })
        return { id, number: number?.full ?? null, intent }
      }
      return change(subject, begin, input.sending?.intent)
    },

    /**
     * Records the answer to a send. Only an accepted or unknown one supersedes older requests. If the request
     * was used or has ended before the answer came, `accepted` is still recorded with it.
     */
    async settleSend(subject: Subject, id: string, outcome: SendOutcome, noting = atOnce): Promise<void> {
      await change(subject, async (tx, _, now) => {
        const unanswered = sql`${codeRequest.state} in ${among(['sending', 'unknown'])}`
        const [settled] = await tx
          .update(codeRequest)
          .set({ ...sent(outcome), settledAt: answeredAt(now, codeRequest.startedAt, noting) })
          .where(and(eq(codeRequest.id, id), unanswered))
          .returning({ numberMasked: codeRequest.numberMasked })
        if (settled) {
          if (outcome.kind !== 'refused') await supersede(tx, [id])
        } else if (outcome.kind === 'accepted') {
          const { requestId: sendRequestId, expiresAt } = outcome
          await tx
            .update(codeRequest)
            .set({ sendRequestId, expiresAt, sendError: null })
            .where(
              and(
                eq(codeRequest.id, id),
                isNull(codeRequest.sendRequestId),
                ne(codeRequest.state, 'refused'),
              ),
            )
        }
        await noting.also(tx, settled ?? null)
      })
    },

    /**
     * Ends the current request for all operators. The caller decides who may do that.
     * @param overdue also ends an accepted operation whose effect has not appeared, as far as is known
     * @param unresolved also ends an operation of unknown outcome, once its call can no longer be running
     */
    async discard(
      subject: Subject,
      id: string,
      { operatorName: discardedBy }: Operator,
      { overdue = false, unresolved = false } = {},
    ): Promise<void> {
      await change(subject, async (tx, view, now) => {
        const { current } = view
        const settled = (current?.secondsSinceApplyBegan ?? 0) > limits.inFlightTimeoutSeconds
        const concludes = unresolved && current?.state === 'apply_unknown' && settled
        if (!concludes) refuseWhileBusy(subject, view)
        const accepted = current?.state === 'applied'
        if (current?.id !== id || (accepted && !overdue)) throw new AppError('code.request_closed')
        const voidReason = concludes ? 'unresolved' : 'given_up'
        const ended = accepted
          ? ({ voidReason: 'undone' } as const)
          : ({ state: 'void', voidReason, numberSealed: null } as const)
        await tx
          .update(codeRequest)
          .set({ ...ended, discardedBy, discardedAt: now })
          .where(eq(codeRequest.id, id))
      })
    },
  }

  /**
   * Only one code counts at a time. Refuses a send for a different recipient than the open code's; the error
   * names both.
   */
  async function refuseSecond(
    tx: Db,
    { operation }: Subject,
    current: CodeRequest | null,
    { sending: { number, intent }, operator }: { sending: Sending; operator: Operator },
  ): Promise<void> {
    // Anything other than a code is refused by the checks that follow.
    if (!current?.requiresCode || !countingStates.has(current.state)) return
    const [first] = await tx
      .select({ fingerprint: codeRequest.numberFingerprint, intent: codeRequest.intent })
      .from(codeRequest)
      .where(eq(codeRequest.id, current.id))
    const mine = { fingerprint: number && vault.fingerprint(number.full, 'number'), intent }
    if (!first || isSameRecipient(first, mine)) return
    throw new AppError('send.other_first', {
      params: {
        operation,
        name: current.operatorName,
        by: current.operatorId === operator.operatorId ? 'you' : 'other',
        counts: current.numberMasked ?? first.intent.cenId ?? 'none',
        countsOwner: first.intent.ownerId ?? '',
        unused: number?.masked ?? intent.cenId ?? 'none',
        unusedOwner: intent.ownerId ?? '',
        alike: number !== null && number.masked === current.numberMasked ? 'yes' : 'no',
      },
    })
  }

  /** A code that several subjects share goes to one recipient: one send at a time, with one cool-down. */
  async function refuseSharedCode(tx: Db, subject: Subject, intent: Intent, now: SQL): Promise<void> {
    if (!policyOf(subject.operation).sharesCodes) return
    const shares = sharesCode(subject, intent)
    await endTimedOut(tx, limits.inFlightTimeoutSeconds, now, shares)
    const age = sql`extract(epoch from ${now} - coalesce(${codeRequest.settledAt}, ${codeRequest.startedAt}))`
    const [newest] = await tx
      .select({
        target: codeRequest.target,
        state: codeRequest.state,
        voidReason: codeRequest.voidReason,
        age: age.mapWith(Number),
      })
      .from(codeRequest)
      .where(and(shares, codeRequest.requiresCode, ne(codeRequest.state, 'refused')))
      .orderBy(desc(codeRequest.startedAt))
      .limit(1)
    if (!newest) return
    if (newest.state === 'sending')
      throw new AppError('send.in_progress', {
        params: newest.target === subject.target ? {} : { network: newest.target },
      })
    if (!newest.voidReason && !CODE_REQUEST_STATES.includes(newest.state))
      throw new AppError('request.newer_version')
    const seconds = cooldownLeft(limits.cooldownSeconds, newest.age)
    if (seconds > 0)
      throw new AppError('send.cooling_down', {
        params: { seconds, ...(newest.target !== subject.target && { network: newest.target }) },
      })
  }
}
