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
 * The id of the signed-in account as a person types it, in groups or not: the server compares. Not for the audit: what is
 * typed there instead may be a code, since it stands beside the field for one.
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

/** The whole state of enabling a directory for the signed-in account. */
export const EnableFlow = z.object({
  ...codeFlow,
  step: z.enum(['blocked', 'choose', 'code', 'checking', 'done']),
  /** `managing`: the account has a directory already; `member`: it belongs to another account's. */
  blockedReason: z.nullable(z.enum(['managing', 'member', 'newer_version'])),
  accountId: z.string(),
  /** What was asked for, of the request that is open. */
  intent: z.nullable(z.object({ mode: z.enum(enableModes), namePrefix: z.nullable(z.string()) })),
  /** The directory around the account, once there is one. */
  directory: z.nullable(Directory),
  /** The new management account, where MUSTER_ACCOUNTS leaves it out: nobody of it could sign in here. */
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
    /** Absent = once more for the request that is open. */
    namePrefix: z.optional(NamePrefix),
    /** Absent beside a prefix = the signed-in account's own phone. */
    phone: z.optional(UpstreamPhone),
    confirmResend: ConfirmResend,
    seen: Seen,
  }),
  output: EnableFlow,
})

/** Ends the open request for everybody. */
export const discardEnableCode = endpoint({
  ...routes.discardEnableCode,
  input: z.object({ requestId: CodeRequestId }),
  output: EnableFlow,
})

/** With the open request and its code for a new management account, with neither for the current one. */
const plan = {
  requestId: z.optional(CodeRequestId),
  code: z.optional(VerificationCode),
  /** Another name than the code was asked with; it went to the number, whatever the name. */
  namePrefix: z.optional(NamePrefix),
}
const wholePlan = z.refine<{
  requestId?: string | undefined
  code?: string | undefined
  namePrefix?: string | undefined
}>(
  // A name is of a new account, and that needs both.
  ({ requestId, code, namePrefix }) => (requestId || code || namePrefix ? Boolean(requestId && code) : true),
  { path: ['code'], error: 'code.empty' },
)

/**
 * Asks Alibaba Cloud whether it would enable the directory. Changes nothing; the code of a new management account goes
 * along, which may use it up.
 */
export const tryEnable = endpoint({
  ...routes.tryEnable,
  input: z.object(plan).check(wholePlan),
  output: z.object({ requestId: z.string() }),
})

/** What the form of the last step holds, with a new management account. */
export const EnableEntry = z.extend(CodeEntry, { namePrefix: NamePrefix, confirmation: Confirmation })

export const enableDirectory = endpoint({
  ...routes.enableDirectory,
  input: z.object({ ...plan, confirmation: Confirmation }).check(wholePlan),
  output: EnableFlow,
})

/** Asks whether the account has a directory now, and settles an enabling of unknown outcome where that can be told. */
export const reconcileDirectory = endpoint({
  ...routes.reconcileDirectory,
  input: z.object({}),
  output: EnableFlow,
})
