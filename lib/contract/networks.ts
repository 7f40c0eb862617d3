import * as z from 'zod/mini'
import { audited } from './audited'
import { type Parsed, readCenId, readOwnerId } from './cen'
import { CodeRequestId, ConfirmResend, codeFlow, Seen, VerificationCode } from './code-flow'
import { endpoint } from './endpoint'
import { Language } from './language'
import { OpenRequest } from './members'
import { routes } from './routes'

/** Becomes part of a host name at Alibaba Cloud, so nothing else may pass. */
export const RegionId = z.string().check(z.regex(/^[a-z]{2}(-[a-z0-9]{1,20}){1,4}$/, 'region.invalid'))

/** `<region>+dir-…` or `<region>+os-…`; the vendor documents nothing more. */
export const NetworkId = z
  .string()
  .check(z.regex(/^[a-z0-9-]{1,60}\+[a-z]{1,10}-[A-Za-z0-9]{1,60}$/, 'network.invalid'))

/** A field that is parsed as the form parses it. */
function read(parse: (text: string) => Parsed) {
  return z.pipe(
    z.string(),
    z.transform((text: string, { issues }) => {
      const { value, fault } = parse(text)
      if (fault === null) return value
      issues.push({ code: 'custom', message: fault, input: text })
      return z.NEVER
    }),
  )
}

const CenId = audited(read(readCenId))
const OwnerId = audited(read(readOwnerId))

/** Why a network cannot be attached to a CEN by this console. */
export const NetworkBlockedReason = z.enum(['basic', 'custom', 'ad', 'not_ready', 'newer_version'])
export type NetworkBlockedReason = z.infer<typeof NetworkBlockedReason>

export const NetworkRow = z.object({
  id: z.string(),
  name: z.string(),
  region: z.string(),
  kind: z.enum(['basic', 'advanced', 'custom', 'other']),
  accounts: z.enum(['convenience', 'ad', 'other']),
  /** The vendor's value. */
  status: z.string(),
  cidrBlock: z.string(),
  desktops: z.nullable(z.number()),
  cenId: z.nullable(z.string()),
  attach: z.enum(['attached', 'not_attached', 'changing']),
  /** The vendor's value for it; null without one. */
  attachStatus: z.nullable(z.string()),
  blockedReason: z.nullable(NetworkBlockedReason),
  /**
   * Values from Alibaba Cloud that this console does not know, unchanged; null if a value is missing. They
   * block nothing: Alibaba Cloud decides.
   */
  unknown: z.array(z.object({ what: z.enum(['kind', 'accounts', 'status']), word: z.nullable(z.string()) })),
})
export type NetworkRow = z.infer<typeof NetworkRow>

/** A network in the list, with the open request for it. */
const NetworkLine = z.extend(NetworkRow, { open: z.nullable(OpenRequest) })
export type NetworkLine = z.infer<typeof NetworkLine>

export const Region = z.object({ id: z.string(), name: z.string() })
export type Region = z.infer<typeof Region>

export const listRegions = endpoint({
  ...routes.listRegions,
  input: z.object({ language: Language }),
  output: z.object({
    /** If Alibaba Cloud did not return them: those known to this console, named by their ids. */
    regions: z.array(Region),
    /** The one to start with. */
    first: z.string(),
  }),
})

export const listNetworks = endpoint({
  ...routes.listNetworks,
  input: z.object({ region: RegionId }),
  output: z.object({
    networks: z.array(NetworkLine),
    /** When Alibaba Cloud was asked, by this server's clock. */
    readAt: z.string(),
  }),
})
export type NetworkList = z.infer<(typeof listNetworks)['output']>

const at = { region: audited(RegionId), networkId: audited(NetworkId) }

export const Cen = z.object({
  id: z.string(),
  name: z.string(),
  /** The vendor's value; only `Active` CENs can be chosen. */
  status: z.string(),
})
export type Cen = z.infer<typeof Cen>

/** The CENs of the signed-in account; another account's cannot be listed. */
export const listCens = endpoint({
  ...routes.listCens,
  input: z.object({ region: RegionId }),
  output: z.object({ cens: z.array(Cen) }),
})

/** The complete state of attaching one office network to a CEN, or of detaching it. */
export const AttachFlow = z.object({
  ...codeFlow,
  /**
   * `waiting`: accepted, but Alibaba Cloud has not reported the new state yet. `overdue`: not within ten
   * minutes either. `done`: attached, by this console or otherwise.
   */
  step: z.enum(['blocked', 'choose', 'code', 'checking', 'waiting', 'overdue', 'done']),
  network: NetworkRow,
  /** The CEN that `refused` is about. */
  refusedCen: z.nullable(z.object({ cenId: z.string(), ownerId: z.nullable(z.string()) })),
  /** The detach by this console, within the last 24 hours, that led to the current state of the network. */
  detached: z.nullable(
    z.object({
      cenId: z.string(),
      /** Ledger time (see `CodeRequestView`), ISO 8601. */
      at: z.string(),
      operatorName: z.string(),
      /** null if no answer confirmed it. */
      requestId: z.nullable(z.string()),
    }),
  ),
  intent: z.nullable(
    z.object({
      act: z.enum(['attach', 'detach']),
      cenId: z.string(),
      /** null = the signed-in account's own CEN; absent = a detach of a CEN whose owner is not known here. */
      ownerId: z.optional(z.nullable(z.string())),
    }),
  ),
})
export type AttachFlow = z.infer<typeof AttachFlow>

export const getAttachFlow = endpoint({
  ...routes.getAttachFlow,
  input: z.object(at),
  output: AttachFlow,
})

export const sendCenCode = endpoint({
  ...routes.sendCenCode,
  input: z.object({
    ...at,
    /** Both absent = resend for the open request. */
    cenId: z.optional(CenId),
    ownerId: z.optional(OwnerId),
    confirmResend: ConfirmResend,
    seen: Seen,
  }),
  output: AttachFlow,
})

/** Ends the open request for all operators, or an accepted one that is overdue. */
export const discardCenRequest = endpoint({
  ...routes.discardCenRequest,
  input: z.object({ ...at, requestId: CodeRequestId }),
  output: AttachFlow,
})

/** The account's own CEN by its id, or a cross-account CEN by the open request and its code. */
const plan = {
  ...at,
  cenId: z.optional(CenId),
  requestId: z.optional(CodeRequestId),
  code: z.optional(VerificationCode),
}
const wholePlan = z.refine<{
  cenId?: string | undefined
  requestId?: string | undefined
  code?: string | undefined
}>((input) => (input.cenId ? !input.requestId && !input.code : Boolean(input.requestId && input.code)), {
  path: ['cenId'],
  error: 'cen.empty',
})

/** Checks whether the network would fit the CEN. Changes nothing; may use up the code. */
export const checkCen = endpoint({
  ...routes.checkCen,
  input: z.object(plan).check(wholePlan),
  output: z.object({
    result: z.enum([
      'fits',
      'conflict',
      'owner_wrong',
      'cen_wrong',
      'code_wrong',
      'code_tries_used',
      'other',
    ]),
    /** Alibaba Cloud's value, unchanged. */
    status: z.string(),
    requestId: z.string(),
    /** CIDR blocks that would not overlap, if there is a conflict. */
    proposals: z.array(z.string()),
    routes: z.array(
      z.object({ cidr: z.string(), region: z.string(), nextHop: z.string(), conflicts: z.boolean() }),
    ),
    attemptsLeft: z.nullable(z.number()),
  }),
})
export type CenCheck = z.infer<(typeof checkCen)['output']>

export const attachNetwork = endpoint({
  ...routes.attachNetwork,
  input: z.object(plan).check(wholePlan),
  output: AttachFlow,
})

export const detachNetwork = endpoint({
  ...routes.detachNetwork,
  /** The CEN that the page showed: a network attached to another one meanwhile is left alone. */
  input: z.object({ ...at, cenId: CenId }),
  output: AttachFlow,
})

/** Reads the network again, and settles an attach or detach of unknown outcome if the answer allows it. */
export const reconcileNetwork = endpoint({
  ...routes.reconcileNetwork,
  input: z.object(at),
  output: AttachFlow,
})
