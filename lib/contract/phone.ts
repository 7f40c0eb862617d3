import * as z from 'zod/mini'
import { endpoint } from './endpoint'
import { AccountId, BindObstacle, MemberRow } from './members'
import { routes } from './routes'
import { sensitive } from './sensitive'
import { sites } from './site'
import { StoredError } from './stored-error'

/** `<country code>-<number>`, the only form Alibaba Cloud takes. */
export const UpstreamPhone = sensitive(z.string().check(z.regex(/^[1-9]\d{0,2}-\d{4,14}$/, 'phone.invalid')))

/**
 * The code as typed or pasted becomes its digits: spaces, dashes of every kind and full-width digits are tidied up,
 * leading zeros stay. Each way of being wrong has its own words.
 */
export const VerificationCode = sensitive(
  z.pipe(
    z.pipe(
      z.string().check(z.maxLength(64, 'code.too_long')),
      z.transform((text: string) => text.normalize('NFKC').replace(/[\s\p{Dash_Punctuation}]/gu, '')),
    ),
    z
      .string()
      .check(
        z.minLength(1, 'code.empty'),
        z.regex(/^\d*$/, 'code.not_digits'),
        z.minLength(6, 'code.too_short'),
        z.maxLength(6, 'code.too_long'),
      ),
  ),
)

export const CodeRequestView = z.object({
  id: z.string(),
  state: z.enum(['sending', 'sent', 'unknown', 'applying', 'apply_unknown', 'applied']),
  sendOutcome: z.nullable(z.enum(['accepted', 'unknown'])),
  numberMasked: z.string(),
  operatorName: z.string(),
  byYou: z.boolean(),
  startedAt: z.string(),
  settledAt: z.nullable(z.string()),
  expiresAt: z.nullable(z.string()),
  secondsLeft: z.nullable(z.number()),
  /** How long the code lives in all, for the bar; null without a known expiry. */
  secondsTotal: z.nullable(z.number()),
  sendRequestId: z.nullable(z.string()),
  triesLeft: z.number(),
  applyStartedAt: z.nullable(z.string()),
  applySettledAt: z.nullable(z.string()),
  applyOperatorName: z.nullable(z.string()),
  applyRequestId: z.nullable(z.string()),
  lookedUpAt: z.nullable(z.string()),
  lookupResult: z.nullable(z.enum(['has_phone', 'no_phone'])),
})
export type CodeRequestView = z.infer<typeof CodeRequestView>

/** A send that was not carried out, for whoever opens the flow afterwards or in another tab. */
export const RefusedSend = z.object({
  error: StoredError,
  at: z.string(),
  operatorName: z.string(),
  byYou: z.boolean(),
})
export type RefusedSend = z.infer<typeof RefusedSend>

/** The whole state of one member's binding: the server decides the step, pages only draw it. */
export const BindFlow = z.object({
  step: z.enum(['blocked', 'number', 'code', 'checking', 'done']),
  obstacle: z.nullable(BindObstacle),
  member: MemberRow,
  site: z.enum(sites),
  operatorName: z.string(),
  request: z.nullable(CodeRequestView),
  /** The newest send, where it was refused within the last 24 hours. */
  refused: z.nullable(RefusedSend),
  cooldownSeconds: z.number(),
  /** Accepted or unknown sends by this console in the last 24 hours, to this member and in all. */
  sentToday: z.number(),
  sentTodayInAll: z.number(),
  sendNumber: z.number(),
  next: z.array(z.object({ id: z.string(), displayName: z.string(), folder: z.string() })),
  missingTotal: z.number(),
})
export type BindFlow = z.infer<typeof BindFlow>

const memberId = AccountId

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
    /** The operator was told that the outcome of the last send is unknown. */
    knowingly: z.optional(z.boolean()),
  }),
  output: BindFlow,
})

export const changeNumber = endpoint({
  ...routes.changeNumber,
  input: z.object({ memberId, requestId: z.uuid() }),
  output: BindFlow,
})

/** What the code form holds. */
export const CodeEntry = z.object({ code: VerificationCode })

export const bindPhone = endpoint({
  ...routes.bindPhone,
  input: z.extend(CodeEntry, { memberId, requestId: z.uuid() }),
  output: BindFlow,
})

/** Reads the member again and settles a bind of unknown outcome where that can be told. */
export const lookUpPhone = endpoint({
  ...routes.lookUpPhone,
  input: z.object({ memberId }),
  output: BindFlow,
})
