import * as z from 'zod/mini'
import { audited } from './audited'
import { CodeEntry, CodeRequestId, ConfirmResend, codeFlow, Seen, UpstreamPhone } from './code-flow'
import { endpoint } from './endpoint'
import { AccountId, BindBlockedReason, MemberRow } from './members'
import { routes } from './routes'

/** The complete state of one member's bind. The server decides the step; pages only render it. */
export const BindFlow = z.object({
  ...codeFlow,
  step: z.enum(['blocked', 'number', 'code', 'checking', 'done']),
  blockedReason: z.nullable(BindBlockedReason),
  member: MemberRow,
  /** Accepted or unknown sends by this console to all members in the last 24 hours. */
  sentTodayInAll: z.number(),
  next: z.array(z.object({ id: z.string(), displayName: z.string(), folder: z.string() })),
  missingTotal: z.number(),
})
export type BindFlow = z.infer<typeof BindFlow>

const memberId = audited(AccountId)

export const getBindFlow = endpoint({
  ...routes.getBindFlow,
  input: z.object({ memberId }),
  output: BindFlow,
})

/**
 * Who else uses a number, checked before a send. A POST, since no phone number may appear in a URL of ours.
 */
export const checkNumber = endpoint({
  ...routes.checkNumber,
  input: z.object({ memberId, phone: UpstreamPhone }),
  output: z.object({
    usedBy: z.array(z.object({ id: z.string(), displayName: z.string(), bound: z.boolean() })),
  }),
})

export const sendCode = endpoint({
  ...routes.sendCode,
  input: z.object({
    memberId,
    /** Absent = resend to the number of the open request. */
    phone: z.optional(UpstreamPhone),
    confirmResend: ConfirmResend,
    seen: Seen,
  }),
  output: BindFlow,
})

/** Ends the open request for all operators. */
export const discardCode = endpoint({
  ...routes.discardCode,
  input: z.object({
    memberId,
    requestId: CodeRequestId,
    /** The operator was shown that the outcome of the bind is unknown, and continues anyway. */
    unresolved: audited(z.optional(z.boolean())),
  }),
  output: BindFlow,
})

export const bindPhone = endpoint({
  ...routes.bindPhone,
  input: z.extend(CodeEntry, { memberId, requestId: CodeRequestId }),
  output: BindFlow,
})

/** Reads the member again, and settles a bind of unknown outcome if the answer allows it. */
export const reconcilePhone = endpoint({
  ...routes.reconcilePhone,
  input: z.object({ memberId }),
  output: BindFlow,
})
