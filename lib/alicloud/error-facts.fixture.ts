import { badKey, type ErrorFact, type ErrorGroup, operationFacts, refused } from './operation-facts.fixture'
import type { OperationName, Product } from './operations'

/** Codes that any operation may return. */
const anyOperation: readonly ErrorGroup[] = [
  {
    ours: 'signin.key_unknown',
    ...badKey,
    field: 'accessKeyId',
    codes: ['InvalidAccessKeyId.NotFound'],
  },
  {
    ours: 'signin.key_inactive',
    ...badKey,
    field: 'accessKeyId',
    codes: ['InvalidAccessKeyId.Inactive', 'Forbidden.AccessKeyDisabled'],
  },
  { ours: 'signin.secret_wrong', ...badKey, field: 'accessKeySecret', codes: ['SignatureDoesNotMatch'] },
  {
    ours: 'signin.token_refused',
    ...badKey,
    field: 'securityToken',
    codes: [
      'InvalidSecurityToken.Expired',
      'InvalidSecurityToken.Malformed',
      'InvalidSecurityToken.MismatchWithAccessKey',
      'MissingSecurityToken',
    ],
  },
  {
    ours: 'cloud.permission',
    status: 403,
    kind: 'refused',
    codes: ['NoPermission', 'Forbidden', 'Forbidden.RAM'],
  },
  {
    ours: 'cloud.busy',
    status: 503,
    kind: 'busy',
    retry: true,
    codes: ['Throttling', 'Throttling.User', 'Throttling.Api'],
  },
  {
    ours: 'cloud.unavailable',
    status: 503,
    kind: 'unknown',
    retry: true,
    codes: ['ServiceUnavailable', 'InternalError', 'UnknownError'],
  },
  { ours: 'cloud.received_twice', status: 502, kind: 'unknown', retry: true, codes: ['SignatureNonceUsed'] },
  { ours: 'cloud.clock_wrong', status: 502, kind: 'refused', codes: ['InvalidTimeStamp.Expired'] },
  { ours: 'cloud.risk_control', status: 403, kind: 'refused', codes: ['Forbidden.RiskControl'] },
  { ours: 'account.unverified', ...refused, codes: ['Forbidden.UserVerification'] },
  {
    ours: 'cloud.call_malformed',
    status: 502,
    kind: 'refused',
    codes: [
      'MissingAccessKeyId',
      'IncompleteSignature',
      'InvalidSignatureMethod',
      'InvalidTimeStamp.Format',
      'InvalidParameter.Format',
      'InvalidVersion',
      'InvalidAction.NotFound',
      'InvalidApi.NotFound',
      'InvalidProduct.NotFound',
      'InvalidProtocol.NeedSsl',
      'UnsupportedHTTPMethod',
      'ContentLengthDoesNotMatch',
      'ContentMD5NotMatched',
    ],
  },
  { ours: 'cloud.refused', ...refused, codes: ['MissingParameter', 'InvalidParameter'] },
]

/** Documented, but about parameters that no call of this console carries. */
const aboutWhatIsNotSent = new Set([
  'InvalidParameter.ExternalId',
  'InvalidParameter.SerialNumber',
  'InvalidParameter.TokenCode',
])

/** Documented for what this console always sends. The gateway's form is documented nowhere by name. */
const aboutWhatIsAlwaysSent = new Set(
  Object.values(operationFacts)
    .flatMap(({ needs }) => Object.values(needs))
    .filter((code) => code.includes('.')),
)

/** Whether a call of this console can be answered with a documented code; only some products are asked by region. */
export function canArrive(code: string, product?: Product): boolean {
  if (code === 'InvalidRegion.NotFound') return product === 'ecd'
  return !aboutWhatIsNotSent.has(code) && !aboutWhatIsAlwaysSent.has(code)
}

/** By code, what each answer to an operation must become. */
export function errorFacts(name: OperationName): Map<string, ErrorFact> {
  return new Map(
    [...anyOperation, ...operationFacts[name].errors].flatMap(({ codes, ...fact }) =>
      codes.map((code) => [code, fact] as const),
    ),
  )
}
