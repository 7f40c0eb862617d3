import * as z from 'zod/mini'
import { Alike } from './alike'
import { audited } from './audited'
import { sites } from './site'
import { StoredError } from './stored-error'
import { tidyDigits } from './typed-text'

/** `<country code>-<number>`, the only form Alibaba Cloud takes. */
export const UpstreamPhone = z.string().check(z.regex(/^[1-9]\d{0,2}-\d{4,14}$/, 'phone.invalid'))

/**
 * The code as typed or pasted becomes its six digits; leading zeros stay. Each way of being wrong has its own message.
 */
export const VerificationCode = z.pipe(
  z.pipe(z.string().check(z.maxLength(64, 'code.too_long')), z.transform(tidyDigits)),
  z
    .string()
    .check(
      z.minLength(1, 'code.empty'),
      z.regex(/^\d*$/, 'code.not_digits'),
      z.minLength(6, 'code.too_short'),
      z.maxLength(6, 'code.too_long'),
    ),
)

/** Which code request an act goes by. */
export const CodeRequestId = audited(z.uuid())

/** The operator was shown that the outcome of the last send is unknown. */
export const ConfirmResend = z.optional(audited(z.boolean()))

/**
 * The open request that the page showed to the operator who sends, null = none: a code that somebody else asked for
 * meanwhile is not replaced unseen. Left out, whichever is open may be.
 */
export const Seen = z.optional(z.nullable(z.uuid()))

/** What the code form holds. */
export const CodeEntry = z.object({ code: VerificationCode })

/** A request that is open or was carried out; one that is over is never shown. */
export const CodeRequestView = z.object({
  id: z.string(),
  /** `trying`: it is asked whether the act would succeed; nothing is being done. `newer`: only a newer version knows it. */
  state: z.enum(['sending', 'sent', 'unknown', 'trying', 'applying', 'apply_unknown', 'applied', 'newer']),
  /** false = an act that needs no code: nothing was sent for it. */
  requiresCode: z.boolean(),
  sendOutcome: z.nullable(z.enum(['accepted', 'unknown'])),
  /** null where Alibaba Cloud knows the recipient and this console does not. */
  numberMasked: z.nullable(z.string()),
  alike: Alike,
  operatorName: z.string(),
  byYou: z.boolean(),
  startedAt: z.string(),
  settledAt: z.nullable(z.string()),
  expiresAt: z.nullable(z.string()),
  secondsLeft: z.nullable(z.number()),
  /** How long the code lives in all, for the bar; null without a known expiry. */
  secondsTotal: z.nullable(z.number()),
  sendRequestId: z.nullable(z.string()),
  attemptsLeft: z.number(),
  applyStartedAt: z.nullable(z.string()),
  applySettledAt: z.nullable(z.string()),
  applyOperatorName: z.nullable(z.string()),
  applyRequestId: z.nullable(z.string()),
  reconciledAt: z.nullable(z.string()),
  /**
   * What the latest look-up said of an act of unknown outcome; null when it was never looked up. `not_reported`: nothing;
   * `gone`: what was acted on is there no more.
   */
  reconcileResult: z.nullable(z.enum(['done', 'not_done', 'not_reported', 'gone'])),
  /** An act of unknown outcome that nothing can be under way for any more may be given up by who knows that. */
  mayConclude: z.boolean(),
})
export type CodeRequestView = z.infer<typeof CodeRequestView>

/**
 * What was not carried out, for whoever opens the flow afterwards or in another tab: a send that was refused, an act that
 * was, an act without an answer that a look-up found to have done nothing, a code whose place another flow's took, what
 * somebody discarded (a code, or an act that was accepted and never came about), or an act whose outcome will not be known:
 * what it was about is gone, or somebody concluded it so.
 */
export const Refused = z.object({
  what: z.enum(['send', 'apply', 'not_done', 'superseded', 'given_up', 'act_given_up', 'gone', 'unresolved']),
  error: StoredError,
  at: z.string(),
  operatorName: z.string(),
  byYou: z.boolean(),
  /** Of a refused send: the masked number or the CEN that it was for, which may be another than the open request's. */
  about: z.nullable(z.string()),
  /** Of that number. */
  alike: Alike,
  /** null where nobody discarded it, or it was given up before that was noted. */
  discarded: z.nullable(z.object({ at: z.string(), operatorName: z.string(), byYou: z.boolean() })),
})
export type Refused = z.infer<typeof Refused>

/** The code before the open one, which went to somebody else: the number, or the CEN or its owner, was changed. */
export const Replaced = z.object({
  numberMasked: z.nullable(z.string()),
  alike: Alike,
  /** null = this operation has none. */
  cenId: z.nullable(z.string()),
  ownerId: z.nullable(z.string()),
  operatorName: z.string(),
  byYou: z.boolean(),
  at: z.string(),
})
export type Replaced = z.infer<typeof Replaced>

/** What every flow with a verification code tells: the server decides the step, pages only draw it. */
export const codeFlow = {
  site: z.enum(sites),
  operatorName: z.string(),
  request: z.nullable(CodeRequestView),
  /** null where the recipient was not changed within the last 24 hours. */
  replaced: z.nullable(Replaced),
  /** Why this operator may not discard the request; null where they may, or there is none. */
  discardRefusal: z.nullable(StoredError),
  /** What became of the newest request, where nothing did, within the last 24 hours. */
  refused: z.nullable(Refused),
  cooldownSeconds: z.number(),
  /** Accepted or unknown sends by this console in the last 24 hours for this target. */
  sentToday: z.number(),
  /** Sends in a row to the same recipient, the open one included. */
  sendNumber: z.number(),
}
const CodeFlow = z.object(codeFlow)
export type CodeFlow = z.infer<typeof CodeFlow>
