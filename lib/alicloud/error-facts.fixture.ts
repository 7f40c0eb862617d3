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

/** Documented, but about parameters that this console never sends. */
const aboutWhatIsNotSent = new Set([
  'InvalidParameter.ExternalId',
  'InvalidParameter.SerialNumber',
  'InvalidParameter.TokenCode',
])

/** Documented for parameters that this console always sends. The gateway's form is not documented by name. */
const aboutWhatIsAlwaysSent = new Set(
  Object.values(operationFacts)
    .flatMap(({ needs }) => Object.values(needs))
    .filter((code) => code.includes('.')),
)

/** Whether a documented code can be returned to this console; only some products take a region. */
export function canArrive(code: string, product?: Product): boolean {
  if (code === 'InvalidRegion.NotFound') return product === 'ecd'
  return !aboutWhatIsNotSent.has(code) && !aboutWhatIsAlwaysSent.has(code)
}

/** The expected meaning of each code of an operation. */
export function errorFacts(name: OperationName): Map<string, ErrorFact> {
  return new Map(
    [...anyOperation, ...operationFacts[name].errors].flatMap(({ codes, ...fact }) =>
      codes.map((code) => [code, fact] as const),
    ),
  )
}
