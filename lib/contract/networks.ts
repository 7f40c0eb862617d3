import * as z from 'zod/mini'
import { audited } from './audited'
import { type Parsed, readCenId, readOwnerId } from './cen'
import { CodeRequestId, ConfirmResend, codeFlow, Seen, VerificationCode } from './code-flow'
import { endpoint } from './endpoint'
import { Language } from './language'
import { OpenRequest } from './members'
import { routes } from './routes'

/** Becomes part of a host name at Alibaba Cloud: nothing else may pass. */
export const RegionId = z.string().check(z.regex(/^[a-z]{2}(-[a-z0-9]{1,20}){1,4}$/, 'region.invalid'))

/** `<region>+dir-…` or `<region>+os-…`; the vendor documents no more. */
export const NetworkId = z
  .string()
  .check(z.regex(/^[a-z0-9-]{1,60}\+[a-z]{1,10}-[A-Za-z0-9]{1,60}$/, 'network.invalid'))

/** A field that is read as the form reads it. */
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

/** Why a network cannot be attached to a CEN from here. */
export const NetworkBlockedReason = z.enum(['basic', 'custom', 'ad', 'not_ready', 'newer_version'])
export type NetworkBlockedReason = z.infer<typeof NetworkBlockedReason>

export const NetworkRow = z.object({
  id: z.string(),
  name: z.string(),
  region: z.string(),
  kind: z.enum(['basic', 'advanced', 'custom', 'other']),
  accounts: z.enum(['convenience', 'ad', 'other']),
  /** The vendor's word. */
  status: z.string(),
  cidrBlock: z.string(),
  desktops: z.nullable(z.number()),
  cenId: z.nullable(z.string()),
  attach: z.enum(['attached', 'not_attached', 'changing']),
  /** The vendor's word for it; null without one. */
  attachStatus: z.nullable(z.string()),
  blockedReason: z.nullable(NetworkBlockedReason),
  /**
   * What Alibaba Cloud says of it in words that this console does not know, as they came; null where the word is missing.
   * They are no obstacle: Alibaba Cloud decides.
   */
  unknown: z.array(z.object({ what: z.enum(['kind', 'accounts', 'status']), word: z.nullable(z.string()) })),
})
export type NetworkRow = z.infer<typeof NetworkRow>

/** A network in the list, with what this console has under way for it. */
const NetworkLine = z.extend(NetworkRow, { open: z.nullable(OpenRequest) })
export type NetworkLine = z.infer<typeof NetworkLine>

export const Region = z.object({ id: z.string(), name: z.string() })
export type Region = z.infer<typeof Region>

export const listRegions = endpoint({
  ...routes.listRegions,
  input: z.object({ language: Language }),
  output: z.object({
    /** Where Alibaba Cloud did not tell them: those known to this console, by their ids alone. */
    regions: z.array(Region),
    /** The one to begin with. */
    first: z.string(),
  }),
})

export const listNetworks = endpoint({
  ...routes.listNetworks,
  input: z.object({ region: RegionId }),
  output: z.object({
    networks: z.array(NetworkLine),
    /** An instant of this server: when Alibaba Cloud was asked. */
    readAt: z.string(),
  }),
})
export type NetworkList = z.infer<(typeof listNetworks)['output']>

const at = { region: audited(RegionId), networkId: audited(NetworkId) }

export const Cen = z.object({
  id: z.string(),
  name: z.string(),
  /** The vendor's word; only `Active` ones can be chosen. */
  status: z.string(),
})
export type Cen = z.infer<typeof Cen>

/** The CENs of the signed-in account; another account's cannot be listed. */
export const listCens = endpoint({
  ...routes.listCens,
  input: z.object({ region: RegionId }),
  output: z.object({ cens: z.array(Cen) }),
})

/** The whole state of joining one office network to a CEN, or of taking it off again. */
export const AttachFlow = z.object({
  ...codeFlow,
  /**
   * `waiting`: accepted, and Alibaba Cloud has not reported the new state yet; `overdue`: nor within ten minutes.
   * `done`: attached, by this console or otherwise.
   */
  step: z.enum(['blocked', 'choose', 'code', 'checking', 'waiting', 'overdue', 'done']),
  network: NetworkRow,
  /** Which CEN it was that `refused` tells of. */
  refusedCen: z.nullable(z.object({ cenId: z.string(), ownerId: z.nullable(z.string()) })),
  /** The detaching by this console that left the network as it is, within the last 24 hours. */
  detached: z.nullable(
    z.object({
      cenId: z.string(),
      at: z.string(),
      operatorName: z.string(),
      /** null where no answer confirmed it. */
      requestId: z.nullable(z.string()),
    }),
  ),
  intent: z.nullable(
    z.object({
      act: z.enum(['attach', 'detach']),
      cenId: z.string(),
      /** null = the signed-in account's own CEN; absent = of a detaching, where this console does not know whose it is. */
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
    /** Both absent = once more for the request that is open. */
    cenId: z.optional(CenId),
    ownerId: z.optional(OwnerId),
    confirmResend: ConfirmResend,
    seen: Seen,
  }),
  output: AttachFlow,
})

/** Ends the open request for everybody, or an accepted one that is overdue. */
export const discardCenRequest = endpoint({
  ...routes.discardCenRequest,
  input: z.object({ ...at, requestId: CodeRequestId }),
  output: AttachFlow,
})

/** An own CEN by its id, or another account's by the open request and its code. */
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

/** Asks whether the network would fit. Changes nothing; may use up the code. */
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
    /** As Alibaba Cloud wrote it. */
    status: z.string(),
    requestId: z.string(),
    /** Ranges that would not overlap, where one does. */
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
  /** What the page showed: a network that was attached to another CEN meanwhile is left alone. */
  input: z.object({ ...at, cenId: CenId }),
  output: AttachFlow,
})

/** Reads the network again, and settles an attaching or detaching of unknown outcome where that can be told. */
export const reconcileNetwork = endpoint({
  ...routes.reconcileNetwork,
  input: z.object(at),
  output: AttachFlow,
})
