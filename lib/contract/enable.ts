import * as z from 'zod/mini'
import { audited } from './audited'
import {
  CodeEntry,
  CodeRequestId,
  ConfirmResend,
  codeFlow,
  Seen,
  UpstreamPhone,
  VerificationCode,
} from './code-flow'
import { enableModes, namePrefixFault } from './enable-mode'
import { endpoint } from './endpoint'
import { routes } from './routes'
import { plainText, tidyDigits } from './typed-text'

export const NamePrefix = audited(
  z.pipe(
    z.pipe(z.string(), z.transform(plainText)),
    z.string().check(
      z.refine((text: string) => namePrefixFault(text) === undefined, {
        error: ({ input }) => namePrefixFault(String(input)),
      }),
    ),
  ),
)

/**
 * The id of the signed-in account as a person types it, grouped or not; the server compares it. Not for the
 * audit: a code may be typed here by mistake, since its field is next to this one.
 */
export const Confirmation = z.pipe(
  z.string().check(z.maxLength(64, 'input.too_long')),
  z.transform(tidyDigits),
)

export const Directory = z.object({
  directoryId: z.string(),
  rootFolderId: z.string(),
  managementAccountId: z.string(),
  managementAccountName: z.string(),
  company: z.nullable(z.string()),
})
export type Directory = z.infer<typeof Directory>

/** The complete state of enabling a directory for the signed-in account. */
export const EnableFlow = z.object({
  ...codeFlow,
  step: z.enum(['blocked', 'choose', 'code', 'checking', 'done']),
  /** `managing`: the account has a directory already. `member`: it belongs to another account's directory. */
  blockedReason: z.nullable(z.enum(['managing', 'member', 'newer_version'])),
  accountId: z.string(),
  /** What the open request is for. */
  intent: z.nullable(z.object({ mode: z.enum(enableModes), namePrefix: z.nullable(z.string()) })),
  /** The directory that the account manages or belongs to, once there is one. */
  directory: z.nullable(Directory),
  /**
   * The new management account, if MUSTER_ACCOUNTS does not include it: none of its users could sign in here.
   */
  accountToAllow: z.nullable(z.string()),
})
export type EnableFlow = z.infer<typeof EnableFlow>

export const getEnableFlow = endpoint({
  ...routes.getEnableFlow,
  input: z.object({}),
  output: EnableFlow,
})

export const sendEnableCode = endpoint({
  ...routes.sendEnableCode,
  input: z.object({
    /** Absent = resend for the open request. */
    namePrefix: z.optional(NamePrefix),
    /** Absent with a prefix = the signed-in account's own phone. */
    phone: z.optional(UpstreamPhone),
    confirmResend: ConfirmResend,
    seen: Seen,
  }),
  output: EnableFlow,
})

/** Ends the open request for all operators. */
export const discardEnableCode = endpoint({
  ...routes.discardEnableCode,
  input: z.object({ requestId: CodeRequestId }),
  output: EnableFlow,
})

/** The open request and its code for a new management account, neither for the current one. */
const plan = {
  requestId: z.optional(CodeRequestId),
  code: z.optional(VerificationCode),
  /**
   * May differ from the name the code was requested with: the code belongs to the number, not to the name.
   */
  namePrefix: z.optional(NamePrefix),
}
const wholePlan = z.refine<{
  requestId?: string | undefined
  code?: string | undefined
  namePrefix?: string | undefined
}>(
  // A name means a new account, which requires both.
  ({ requestId, code, namePrefix }) => (requestId || code || namePrefix ? Boolean(requestId && code) : true),
  { path: ['code'], error: 'code.empty' },
)

/**
 * Dry run: asks Alibaba Cloud whether it would enable the directory. Changes nothing, but sends the code of a
 * new management account, which may use it up.
 */
export const tryEnable = endpoint({
  ...routes.tryEnable,
  input: z.object(plan).check(wholePlan),
  output: z.object({ requestId: z.string() }),
})

/** Fields of the last step's form, with a new management account. */
export const EnableEntry = z.extend(CodeEntry, { namePrefix: NamePrefix, confirmation: Confirmation })

export const enableDirectory = endpoint({
  ...routes.enableDirectory,
  input: z.object({ ...plan, confirmation: Confirmation }).check(wholePlan),
  output: EnableFlow,
})

/**
 * Asks whether the account has a directory now, and settles an enable call of unknown outcome if the answer
 * allows it.
 */
export const reconcileDirectory = endpoint({
  ...routes.reconcileDirectory,
  input: z.object({}),
  output: EnableFlow,
})
