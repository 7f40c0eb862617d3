import * as z from 'zod/mini'
import { audited } from './audited'
import { CodeEntry, CodeRequestId, ConfirmResend, codeFlow, Seen, UpstreamPhone } from './code-flow'
import { endpoint } from './endpoint'
import { AccountId, BindBlockedReason, MemberRow } from './members'
import { routes } from './routes'

/** The whole state of one member's binding: the server decides the step, pages only draw it. */
export const BindFlow = z.object({
  ...codeFlow,
  step: z.enum(['blocked', 'number', 'code', 'checking', 'done']),
  blockedReason: z.nullable(BindBlockedReason),
  member: MemberRow,
  /** Accepted or unknown sends by this console in the last 24 hours to every member. */
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

/** Who else uses a number, asked before it is sent to. A POST, since no number may stand in a URL of ours. */
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
    /** Absent = once more to the number of the request that is open. */
    phone: z.optional(UpstreamPhone),
    confirmResend: ConfirmResend,
    seen: Seen,
  }),
  output: BindFlow,
})

/** Ends the open request for everybody. */
export const discardCode = endpoint({
  ...routes.discardCode,
  input: z.object({
    memberId,
    requestId: CodeRequestId,
    /** The operator was told that the outcome of the bind is not known, and goes on all the same. */
    unresolved: audited(z.optional(z.boolean())),
  }),
  output: BindFlow,
})

export const bindPhone = endpoint({
  ...routes.bindPhone,
  input: z.extend(CodeEntry, { memberId, requestId: CodeRequestId }),
  output: BindFlow,
})

/** Reads the member again and settles a bind of unknown outcome where that can be told. */
export const reconcilePhone = endpoint({
  ...routes.reconcilePhone,
  input: z.object({ memberId }),
  output: BindFlow,
})
