import * as z from 'zod/mini'
import { Alike } from './alike'
import { audited } from './audited'
import { sites } from './site'
import { StoredError } from './stored-error'
import { tidyDigits } from './typed-text'

/** `<country code>-<number>`, the only form that Alibaba Cloud accepts. */
export const UpstreamPhone = z.string().check(z.regex(/^[1-9]\d{0,2}-\d{4,14}$/, 'phone.invalid'))

/**
 * Turns the code as typed or pasted into its six digits; leading zeros stay. Each kind of mistake has its own
 * message.
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

/** The code request that a call is about. */
export const CodeRequestId = audited(z.uuid())

/** The operator was shown that the outcome of the last send is unknown, and sends anyway. */
export const ConfirmResend = z.optional(audited(z.boolean()))

/**
 * The open request that the page showed to the operator who sends; null = none. A code that someone else has
 * requested since is not replaced unseen. Absent = any open request may be replaced.
 */
export const Seen = z.optional(z.nullable(z.uuid()))

/** Fields of the code form. */
export const CodeEntry = z.object({ code: VerificationCode })

/**
 * A request that is open or was applied; an ended one is never shown.
 * All times are ISO 8601 and ledger time: the database's clock plus the sandbox's clock offset. Only
 * `expiresAt` is by Alibaba Cloud's clock. The browser's clock may differ from both, so countdowns use
 * `secondsLeft`, counted from the arrival of the response.
 */
export const CodeRequestView = z.object({
  id: z.string(),
  /** `trying`: a check is running, which changes nothing. `newer`: only a newer version knows its state. */
  state: z.enum(['sending', 'sent', 'unknown', 'trying', 'applying', 'apply_unknown', 'applied', 'newer']),
  /** false = an operation that requires no code: nothing was sent for it. */
  requiresCode: z.boolean(),
  sendOutcome: z.nullable(z.enum(['accepted', 'unknown'])),
  /** null if Alibaba Cloud knows the recipient and this console does not. */
  numberMasked: z.nullable(z.string()),
  alike: Alike,
  operatorName: z.string(),
  byYou: z.boolean(),
  /** When the send, or the operation without a code, began. */
  startedAt: z.string(),
  /** When the send was answered or became unknown; null in flight. Without a code, equals `startedAt`. */
  settledAt: z.nullable(z.string()),
  /** As Alibaba Cloud returned it; null = unknown. */
  expiresAt: z.nullable(z.string()),
  /**
   * Seconds to `expiresAt` by ledger time when the response was made. May be fractional; ≤ 0 = expired; null
   * = unknown.
   */
  secondsLeft: z.nullable(z.number()),
  /** Whole seconds from `settledAt` to `expiresAt`, for the progress bar; null = expiry unknown. */
  secondsTotal: z.nullable(z.number()),
  sendRequestId: z.nullable(z.string()),
  attemptsLeft: z.number(),
  /** When the latest attempt to use the code, or the operation without one, began; null = none yet. */
  applyStartedAt: z.nullable(z.string()),
  /** When that was answered or became unknown; null in flight, and for a check without an answer. */
  applySettledAt: z.nullable(z.string()),
  applyOperatorName: z.nullable(z.string()),
  applyRequestId: z.nullable(z.string()),
  /** When the latest reconciliation got a result; null = never. */
  reconciledAt: z.nullable(z.string()),
  /**
   * The result of the latest reconciliation; null = never reconciled. `not_reported`: the answer said nothing
   * about it. `gone`: the target no longer exists.
   */
  reconcileResult: z.nullable(z.enum(['done', 'not_done', 'not_reported', 'gone'])),
  /**
   * The outcome is unknown and the call has timed out: an operator who knows that may discard the request.
   */
  mayConclude: z.boolean(),
})
export type CodeRequestView = z.infer<typeof CodeRequestView>

/**
 * What was not carried out, for anyone who opens the flow afterwards or in another tab.
 * - `send`, `apply`: a refused send, a refused operation
 * - `not_done`: no answer, and reconciliation found no effect
 * - `superseded`: a code replaced by that of another flow
 * - `given_up`: a discarded code
 * - `act_given_up`: a discarded operation that was accepted but whose effect never appeared
 * - `gone`, `unresolved`: the outcome stays unknown, because the target no longer exists or an operator
 * concluded so
 */
export const Refused = z.object({
  what: z.enum(['send', 'apply', 'not_done', 'superseded', 'given_up', 'act_given_up', 'gone', 'unresolved']),
  error: StoredError,
  /** Ledger time, ISO 8601: when it was answered or became unknown, else when it began. */
  at: z.string(),
  operatorName: z.string(),
  byYou: z.boolean(),
  /** Of a refused send: the masked number or the CEN it was for, which may differ from the open request's. */
  about: z.nullable(z.string()),
  /** Of the number in `about`. */
  alike: Alike,
  /** null if not discarded, or only by a version that did not record it. `at` is ledger time, ISO 8601. */
  discarded: z.nullable(z.object({ at: z.string(), operatorName: z.string(), byYou: z.boolean() })),
})
export type Refused = z.infer<typeof Refused>

/** The code before the open one, if the recipient (the number, or the CEN or its owner) was changed. */
export const Replaced = z.object({
  numberMasked: z.nullable(z.string()),
  alike: Alike,
  /** null = this operation has none. */
  cenId: z.nullable(z.string()),
  ownerId: z.nullable(z.string()),
  operatorName: z.string(),
  byYou: z.boolean(),
  /** Ledger time, ISO 8601: when the send was answered or became unknown, else when it began. */
  at: z.string(),
})
export type Replaced = z.infer<typeof Replaced>

/** What every flow with a verification code returns. The server decides the step; pages only render it. */
export const codeFlow = {
  site: z.enum(sites),
  operatorName: z.string(),
  request: z.nullable(CodeRequestView),
  /** null if the recipient was not changed within the last 24 hours. */
  replaced: z.nullable(Replaced),
  /** Why this operator may not discard the request; null if they may, or if there is none. */
  discardRefusal: z.nullable(StoredError),
  /** The newest request of the last 24 hours, if it was not carried out. */
  refused: z.nullable(Refused),
  /** Whole seconds until another send is allowed, by ledger time when the response was made; 0 = now. */
  cooldownSeconds: z.number(),
  /** Accepted or unknown sends by this console for this target in the last 24 hours of ledger time. */
  sentToday: z.number(),
  /**
   * Sends of the last 24 hours to the open request's recipient, the open one included, without refused ones.
   */
  sendNumber: z.number(),
}
const CodeFlow = z.object(codeFlow)
export type CodeFlow = z.infer<typeof CodeFlow>
