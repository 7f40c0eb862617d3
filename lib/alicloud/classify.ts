import * as z from 'zod/mini'
import { type ErrorCode, type ErrorParams, laterCodes, type Upstream } from '@/lib/contract/errors'
import type { Site } from '@/lib/contract/site'
import { type FormField, type Meaning, meaningOf } from './catalog'
import { CloudError, type Wire } from './failure'
import { type OperationName, operations } from './operations'

/** What is known about a call when it fails, besides the error itself. */
export interface CallFacts {
  name: OperationName
  site: Site
  /** The caller's display name. */
  caller?: string | undefined
  /** Values of this call that must not appear in any error message: phone, code, secret, token. */
  secrets: readonly string[]
}

const refusedForNow = new Set<ErrorCode>(laterCodes)

/** Suggested wait after "busy". The documented limits are per second, so the next call may succeed even sooner. */
const busySeconds = 5

// These fields hold only short tokens; any other value is dropped.
const token = z.catch(z.optional(z.string().check(z.regex(/^[\w.:-]{1,128}$/))), undefined)
const text = z.catch(z.optional(z.string()), undefined)

const SdkError = z.object({
  name: token,
  code: token,
  statusCode: z.catch(z.optional(z.number()), undefined),
  data: z.catch(
    z.object({
      Code: token,
      Message: text,
      RequestId: token,
      message: text,
      requestId: token,
      AccessDeniedDetail: z.catch(
        z.object({
          AuthAction: text,
          AuthPrincipalDisplayName: text,
          NoPermissionType: text,
          PolicyType: text,
        }),
        {},
      ),
    }),
    { AccessDeniedDetail: {} },
  ),
})
type SdkError = z.infer<typeof SdkError>

const notConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])
const certificate = /^(CERT_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|ERR_TLS_CERT)/
const neverSent = /^(InvalidCredentials$|ERR_INVALID_|ERR_HTTP_INVALID_)/

/** Classifies an SDK failure by its fields: its errors share no class, and their messages must not be read or kept. */
export function classify(thrown: unknown, facts: CallFacts): CloudError {
  const parsed = SdkError.safeParse(thrown instanceof Error ? errorFields(thrown) : {})
  const error: SdkError = parsed.success ? parsed.data : { data: { AccessDeniedDetail: {} } }
  const { product, operation } = operations[facts.name]
  const upstream: Upstream = { product, operation }
  const wire: Wire = { name: error.name, code: error.code, status: error.statusCode }
  if (error.statusCode !== undefined) return fromReply(error, error.statusCode, facts, wire)
  if (error.code && (notConnected.has(error.code) || certificate.test(error.code))) {
    return new CloudError({
      code: 'cloud.unreachable',
      kind: 'silent',
      executed: 'no',
      retryable: true,
      upstream,
      wire,
    })
  }
  if (error.name === 'URIError' || (error.code && neverSent.test(error.code))) {
    return new CloudError({ code: 'internal', kind: 'refused', executed: 'no', upstream, wire })
  }
  // Anything else was sent, or may have been: a timeout proves nothing, whatever its name.
  if (error.name === 'RequestTimeoutError' || (error.code && !error.code.startsWith('HPE_'))) {
    return silent(facts, wire)
  }
  return notUnderstood(facts, wire)
}

/** No response in time. */
export function silent(facts: CallFacts, wire?: Wire): CloudError {
  const { product, operation } = operations[facts.name]
  return new CloudError({
    code: 'cloud.silent',
    kind: 'silent',
    executed: 'maybe',
    params: callParams(facts),
    upstream: { product, operation },
    wire,
  })
}

/** Refused by this console: nothing was sent. */
export function localRefusal(
  facts: Pick<CallFacts, 'name'>,
  code: ErrorCode,
  field?: FormField,
  { endsSession = false } = {},
): CloudError {
  const { product, operation } = operations[facts.name]
  return new CloudError({
    code,
    kind: 'refused',
    executed: 'no',
    endsSession,
    fields: field && { [field]: code },
    upstream: { product, operation },
  })
}

/** A fault in this console before the request was sent. */
export function notSent({ name }: Pick<CallFacts, 'name'>, cause: unknown): CloudError {
  const { product, operation } = operations[name]
  const upstream = { product, operation }
  return new CloudError(
    { code: 'cloud.not_sent', kind: 'refused', executed: 'no', retryable: true, upstream },
    { cause },
  )
}

/** An undocumented response: the operation may have succeeded. */
export function notUnderstood(facts: CallFacts, wire?: Wire, seen: Partial<Upstream> = {}): CloudError {
  const { product, operation } = operations[facts.name]
  const upstream = { product, operation, ...seen }
  return new CloudError({
    code: 'cloud.not_understood',
    kind: 'not_understood',
    executed: 'maybe',
    params: callParams(facts),
    upstream,
    wire,
  })
}

/** Not sent: this account's rate limit or this process's concurrency limit is reached. */
export function busy(facts: CallFacts): CloudError {
  const { product, operation } = operations[facts.name]
  return new CloudError({
    code: 'cloud.busy',
    kind: 'busy',
    executed: 'no',
    retryable: true,
    params: { seconds: busySeconds },
    upstream: { product, operation },
  })
}

const tooManyRequests = 429

/** At HTTP 429, an unlisted code means "busy". */
function atLeastBusy(meaning: Meaning): Meaning {
  return meaning.to === 'cloud.refused' ? { ...meaning, to: 'cloud.busy', retryable: true } : meaning
}

function fromReply(error: SdkError, status: number, facts: CallFacts, wire: Wire): CloudError {
  const { product, operation } = operations[facts.name]
  const { data } = error
  // The SDK also accepts lowercase names, and reports a missing code as the string "undefined".
  const code = data.Code ?? (error.code === 'undefined' ? undefined : error.code)
  const message = data.Message ?? data.message
  const requestId = data.RequestId ?? data.requestId
  if (code === undefined) return notUnderstood(facts, wire, { requestId })
  const meaning =
    status === tooManyRequests
      ? atLeastBusy(meaningOf(product, operation, code))
      : meaningOf(product, operation, code)
  // Refused before anything was executed, whatever the HTTP status.
  const refusedBeforehand = refusedForNow.has(meaning.to)
  const unknown = !refusedBeforehand && (status >= 500 || meaning.outcomeUnknown === true)
  // Messages of refusals say that nothing was executed, which a vendor fault does not guarantee.
  const to = unknown && !meaning.outcomeUnknown ? 'cloud.unavailable' : meaning.to
  // Shown only where we have no message of our own. The one for a bad signature repeats the whole request.
  const shown = to === 'cloud.refused' && message
  return new CloudError({
    code: to,
    kind: refusedBeforehand ? 'busy' : unknown ? 'silent' : 'refused',
    executed: unknown ? 'maybe' : 'no',
    endsSession: !unknown && meaning.endsSession,
    retryable: meaning.retryable ?? unknown,
    params: unknown ? callParams(facts) : paramsOf(to, error, facts),
    fields: unknown || !meaning.field ? undefined : { [meaning.field]: to },
    upstream: {
      product,
      operation,
      code,
      requestId,
      message: shown ? withoutSecrets(message, facts.secrets) : undefined,
    },
    wire,
  })
}

function paramsOf(code: ErrorCode, error: SdkError, facts: CallFacts): ErrorParams | undefined {
  if (refusedForNow.has(code)) return { seconds: busySeconds }
  if (code === 'phone.country_not_allowed') return { site: facts.site }
  if (code === 'site.not_offered') return { site: facts.site, ...flowParams(facts) }
  if (variesByFlow.has(code)) return flowParams(facts)
  if (code !== 'cloud.permission') return undefined
  const detail = error.data.AccessDeniedDetail
  // All four are always set: messages select on each of them.
  return {
    action: detail.AuthAction || operations[facts.name].ramAction || operations[facts.name].operation,
    principal: principalOf(detail.AuthPrincipalDisplayName, facts),
    policyType: detail.PolicyType || 'unknown',
    denial: detail.NoPermissionType || 'unknown',
  }
}

/** A denial names a RAM user by its numeric id and a role by its name. The denied principal is always the caller. */
function principalOf(name: string | undefined, { caller }: CallFacts): string {
  if (!name) return 'unknown'
  return /^\d+$/.test(name) && caller ? caller : name
}

/** The message for these depends on the operation: whose phone, company or daily limit it is. */
const variesByFlow = new Set<ErrorCode>([
  'account.enterprise_name_missing',
  'account.enterprise_unverified',
  'send.day_limit',
])

function flowParams({ name }: CallFacts): ErrorParams {
  const row = operations[name]
  return { operation: 'flow' in row ? row.flow : 'other' }
}

/** An unknown outcome matters only for a change; a read is simply repeated. */
function callParams({ name }: CallFacts): ErrorParams {
  return { call: operations[name].kind === 'once' ? 'change' : 'reading' }
}

/** Error properties are not always enumerable (`name` is inherited), so they are listed one by one. */
function errorFields(error: Error): Record<string, unknown> {
  const fields: Error & { code?: unknown; statusCode?: unknown; data?: unknown } = error
  return { name: fields.name, code: fields.code, statusCode: fields.statusCode, data: fields.data }
}

const messageLengthMax = 500

/** Vendor messages sometimes repeat what was sent. */
function withoutSecrets(message: string, secrets: readonly string[]): string {
  let clean = message
  for (const secret of secrets) {
    if (secret === '') continue
    for (const form of [secret, encodeURIComponent(secret)]) clean = clean.replaceAll(form, '•••')
  }
  return clean.slice(0, messageLengthMax)
}
