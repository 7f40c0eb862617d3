import type { ErrorCode } from '@/lib/contract/errors'
import type { Product } from './operations'

/** The form field a refusal belongs to. */
export type FormField = 'phone' | 'code' | 'accessKeyId' | 'accessKeySecret' | 'securityToken' | 'roleArn'

/** What a vendor code means here. */
export interface Meaning {
  to: ErrorCode
  field?: FormField
  /** The same call may work a little later. */
  retryable?: boolean
  /** The caller's credentials are of no more use. */
  endsSession?: boolean
  /** The vendor does not know itself whether it did it, whatever the HTTP status. */
  outcomeUnknown?: boolean
  /** The vendor's text repeats the request, phone and code included: it is thrown away. */
  echoesRequest?: boolean
}

export interface CatalogRow extends Meaning {
  product: Product | '*'
  operation: string
  code: string
  source: string
}

const metadata = 'https://github.com/dew-serverless/acs-sdk-php/blob/2da261e4/data'
const gatewayList = 'https://developer.aliyun.com/ask/278265'
const gatewayShort = 'https://developer.aliyun.com/ask/213973'
const commonErrors = 'https://help.aliyun.com/document_detail/51132.html'
const commonStatuses = 'https://help.aliyun.com/document_detail/30137.html'
const commonLater = 'https://help.aliyun.com/document_detail/435312.html'
const commonList = 'https://help.aliyun.com/document_detail/53438.html'
const tokenErrors = 'https://help.aliyun.com/document_detail/39744.html'
const ecsErrors = 'https://help.aliyun.com/document_detail/25693.html'

type Rows = Array<[code: string, to: ErrorCode, more?: Omit<Meaning, 'to'>]>

function rows(product: Product | '*', operation: string, source: string, list: Rows): CatalogRow[] {
  return list.map(([code, to, more]) => ({ product, operation, code, to, ...more, source }))
}

/** Codes any operation can answer, from the gateway in front of all products. */
const gateway = [
  ...rows('*', '*', gatewayList, [
    ['InvalidAccessKeyId.NotFound', 'signin.key_unknown', { field: 'accessKeyId', endsSession: true }],
    ['InvalidAccessKeyId.Inactive', 'signin.key_inactive', { field: 'accessKeyId', endsSession: true }],
    [
      'SignatureDoesNotMatch',
      'signin.secret_wrong',
      { field: 'accessKeySecret', endsSession: true, echoesRequest: true },
    ],
    ['MissingAccessKeyId', 'cloud.refused'],
    ['SignatureNonceUsed', 'cloud.refused', { retryable: true }],
    ['InvalidSignatureMethod', 'cloud.refused'],
    ['InvalidTimeStamp.Format', 'cloud.refused'],
    ['InvalidTimeStamp.Expired', 'cloud.clock_wrong'],
    ['InvalidParameter.Format', 'cloud.refused'],
    ['InvalidVersion', 'cloud.refused'],
    ['InvalidAction.NotFound', 'cloud.refused'],
    ['InvalidApi.NotFound', 'cloud.refused'],
    ['Throttling.User', 'cloud.busy', { retryable: true }],
    ['Throttling.Api', 'cloud.busy', { retryable: true }],
  ]),
  ...rows('*', '*', gatewayShort, [
    ['InvalidProduct.NotFound', 'cloud.refused'],
    ['InvalidProtocol.NeedSsl', 'cloud.refused'],
  ]),
  ...rows('*', '*', commonErrors, [
    ['IncompleteSignature', 'cloud.refused', { echoesRequest: true }],
    ['UnsupportedHTTPMethod', 'cloud.refused'],
    ['Forbidden.RAM', 'cloud.permission'],
    ['Forbidden.RiskControl', 'cloud.refused'],
    ['Throttling', 'cloud.busy', { retryable: true }],
  ]),
  ...rows('*', '*', commonStatuses, [
    ['MissingParameter', 'cloud.refused'],
    ['InvalidParameter', 'cloud.refused'],
    ['Forbidden', 'cloud.permission'],
    ['Forbidden.UserVerification', 'cloud.refused'],
  ]),
  ...rows('*', '*', commonLater, [
    ['ServiceUnavailable', 'cloud.unavailable', { retryable: true, outcomeUnknown: true }],
    ['InternalError', 'cloud.unavailable', { retryable: true, outcomeUnknown: true }],
  ]),
  ...rows('*', '*', commonList, [
    ['ContentLengthDoesNotMatch', 'cloud.refused'],
    ['ContentMD5NotMatched', 'cloud.refused'],
  ]),
  ...rows('*', '*', tokenErrors, [
    ['NoPermission', 'cloud.permission'],
    ['InvalidSecurityToken.Expired', 'signin.ended', { endsSession: true }],
    ['InvalidSecurityToken.Malformed', 'signin.token_refused', { field: 'securityToken', endsSession: true }],
    [
      'InvalidSecurityToken.MismatchWithAccessKey',
      'signin.token_refused',
      { field: 'securityToken', endsSession: true },
    ],
    ['MissingSecurityToken', 'signin.token_refused', { field: 'securityToken', endsSession: true }],
  ]),
  ...rows('*', '*', ecsErrors, [
    ['Forbidden.AccessKeyDisabled', 'signin.key_inactive', { field: 'accessKeyId', endsSession: true }],
    ['UnknownError', 'cloud.unavailable', { retryable: true, outcomeUnknown: true }],
  ]),
]

const stsDocs = `${metadata}/sts/2015-04-01/api-docs.json`
const masterDocs = `${metadata}/resourcedirectorymaster/2022-04-19/api-docs.json`
const sendDocs = 'https://help.aliyun.com/document_detail/372556.html'
const bindDocs = 'https://help.aliyun.com/document_detail/372561.html'

const noDirectory: Rows = [['EntityNotExists.ResourceDirectory', 'directory.none']]
const unavailable: Rows = [
  ['InternalError', 'cloud.unavailable', { retryable: true, outcomeUnknown: true }],
  // While somebody signs in, the token just typed is at fault; later, the session has run out.
  ['InvalidSecurityToken.Expired', 'signin.token_refused', { field: 'securityToken', endsSession: true }],
]

export const catalog: readonly CatalogRow[] = [
  ...rows('Sts', 'GetCallerIdentity', stsDocs, unavailable),
  ...rows('Sts', 'AssumeRole', stsDocs, [
    ...unavailable,
    ['InvalidParameter.RoleArn', 'signin.role_missing', { field: 'roleArn' }],
    ['InvalidParameter.DurationSeconds', 'cloud.refused'],
    ['InvalidParameter.ExternalId', 'cloud.refused'],
    ['InvalidParameter.RoleSessionName', 'cloud.refused'],
    ['InvalidParameter.SerialNumber', 'cloud.refused'],
    ['InvalidParameter.TokenCode', 'cloud.refused'],
    ['InvalidParameter.PolicyGrammar', 'cloud.refused'],
    ['InvalidParameter.PolicySize', 'cloud.refused'],
    ['InvalidParameter.ContentType', 'cloud.refused'],
    ['AuthenticationFail.ApiUsername', 'cloud.refused'],
    ['AuthenticationFail.ApiPassword', 'cloud.refused'],
    ['NoPermission', 'signin.role_refused', { field: 'roleArn' }],
    ['EntityNotExist.Role', 'signin.role_missing', { field: 'roleArn' }],
  ]),
  ...rows('ResourceDirectoryMaster', 'GetResourceDirectory', masterDocs, [
    ['ResourceDirectoryNotInUse', 'directory.none'],
  ]),
  ...rows('ResourceDirectoryMaster', 'ListAccounts', masterDocs, noDirectory),
  ...rows('ResourceDirectoryMaster', 'ListFoldersForParent', masterDocs, [
    ...noDirectory,
    ['InvalidParameter.ParentFolderId', 'folder.not_found'],
    ['EntityNotExists.Folder', 'folder.not_found'],
  ]),
  ...rows('ResourceDirectoryMaster', 'GetAccount', masterDocs, [
    ...noDirectory,
    ['MissingParameter.AccountId', 'cloud.refused'],
    // "Not 16 digits": such a member cannot exist.
    ['InvalidParameter.AccountId', 'member.not_found'],
    ['EntityNotExists.Account', 'member.not_found'],
  ]),
  ...rows('ResourceManager', 'SendVerificationCodeForBindSecureMobilePhone', sendDocs, [
    ['NotSupport.AccountInAnotherResourceDirectory', 'member.not_in_directory'],
    ['EntityAlreadyExists.ResourceDirectory', 'member.has_own_directory'],
    ['SendValidateCodeExceedsLimitForAccount', 'send.day_limit'],
    ['InvalidParameter.MobileCountryCode', 'phone.country_not_allowed', { field: 'phone' }],
  ]),
  ...rows('ResourceManager', 'BindSecureMobilePhone', bindDocs, [
    ['NotSupport.Site.Action', 'site.not_offered'],
    ['NotSupport.AccountInAnotherResourceDirectory', 'member.not_in_directory'],
    ['Invalid.EnterpriseName', 'account.enterprise_name_missing'],
    ['EnterpriseRealNameVerificationError', 'account.enterprise_unverified'],
    ['EntityAlreadyExists.ResourceDirectory', 'member.has_own_directory'],
    ['Invalid.VerificationCode', 'code.wrong_or_expired', { field: 'code' }],
    ['AccountTypeMismatch', 'member.type_or_status_unfit'],
    ['AccountSecureMobileAlreadyExists', 'phone.already_bound'],
    ['CallerIdentityError', 'caller.must_be_management_user'],
  ]),
  ...gateway,
]

const families: ReadonlyArray<[prefix: string, meaning: Meaning]> = [
  ['Throttling', { to: 'cloud.busy', retryable: true }],
  ['InvalidAccessKeyId', { to: 'signin.key_unknown', field: 'accessKeyId', endsSession: true }],
  ['InvalidSecurityToken', { to: 'signin.token_refused', field: 'securityToken', endsSession: true }],
]

/**
 * The row of this operation and code, else the gateway's row, else what every other operation that lists the code
 * agrees on (operations also answer codes their pages do not list), else its family, else `cloud.refused`.
 */
export function meaningOf(product: Product, operation: string, code: string): Meaning {
  const same = catalog.filter((row) => row.code === code)
  const exact = same.find((row) => row.product === product && row.operation === operation)
  const found = exact ?? same.find((row) => row.product === '*')
  if (found) return found
  const [first] = same
  if (first && same.every((row) => row.to === first.to)) return first
  return families.find(([prefix]) => code.startsWith(prefix))?.[1] ?? { to: 'cloud.refused' }
}
