import type { ErrorCode } from '@/lib/contract/errors'
import type { Product } from './operations'

/** The form field that a refusal is about. */
export type FormField =
  | 'phone'
  | 'code'
  | 'namePrefix'
  | 'ownerId'
  | 'cenId'
  | 'confirmation'
  | 'accessKeyId'
  | 'accessKeySecret'
  | 'securityToken'
  | 'roleArn'

/** How a vendor error code is interpreted. */
export interface Meaning {
  to: ErrorCode
  field?: FormField
  /** The same call may succeed a little later. */
  retryable?: boolean
  /** The caller's credentials are no longer valid. */
  endsSession?: boolean
  /** The code does not say whether the operation was executed, whatever the HTTP status. */
  outcomeUnknown?: boolean
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

const keyAtFault = { field: 'accessKeyId', endsSession: true } as const
const tokenAtFault = { field: 'securityToken', endsSession: true } as const
const later = { retryable: true } as const
const vendorFault = { retryable: true, outcomeUnknown: true } as const

/**
 * Codes that any operation can return, from the gateway in front of all products. Those about a malformed call reach this
 * console only if something in between changes its requests.
 */
const gateway = [
  ...rows('*', '*', gatewayList, [
    ['InvalidAccessKeyId.NotFound', 'signin.key_unknown', keyAtFault],
    ['InvalidAccessKeyId.Inactive', 'signin.key_inactive', keyAtFault],
    ['SignatureDoesNotMatch', 'signin.secret_wrong', { field: 'accessKeySecret', endsSession: true }],
    // Every call has its own nonce: an earlier copy of this same call has arrived, and may have succeeded.
    ['SignatureNonceUsed', 'cloud.received_twice', vendorFault],
    ['InvalidTimeStamp.Expired', 'cloud.clock_wrong'],
    ['MissingAccessKeyId', 'cloud.call_malformed'],
    ['InvalidSignatureMethod', 'cloud.call_malformed'],
    ['InvalidTimeStamp.Format', 'cloud.call_malformed'],
    ['InvalidParameter.Format', 'cloud.call_malformed'],
    ['InvalidVersion', 'cloud.call_malformed'],
    ['InvalidAction.NotFound', 'cloud.call_malformed'],
    ['InvalidApi.NotFound', 'cloud.call_malformed'],
    ['Throttling.User', 'cloud.busy', later],
    ['Throttling.Api', 'cloud.busy', later],
  ]),
  ...rows('*', '*', gatewayShort, [
    ['InvalidProduct.NotFound', 'cloud.call_malformed'],
    ['InvalidProtocol.NeedSsl', 'cloud.call_malformed'],
  ]),
  ...rows('*', '*', commonErrors, [
    ['IncompleteSignature', 'cloud.call_malformed'],
    ['UnsupportedHTTPMethod', 'cloud.call_malformed'],
    ['Forbidden.RAM', 'cloud.permission'],
    ['Forbidden.RiskControl', 'cloud.risk_control'],
    ['Throttling', 'cloud.busy', later],
  ]),
  ...rows('*', '*', commonStatuses, [
    ['MissingParameter', 'cloud.refused'],
    ['InvalidParameter', 'cloud.refused'],
    ['Forbidden', 'cloud.permission'],
    ['Forbidden.UserVerification', 'account.unverified'],
  ]),
  ...rows('*', '*', commonLater, [
    ['ServiceUnavailable', 'cloud.unavailable', vendorFault],
    ['InternalError', 'cloud.unavailable', vendorFault],
  ]),
  ...rows('*', '*', commonList, [
    ['ContentLengthDoesNotMatch', 'cloud.call_malformed'],
    ['ContentMD5NotMatched', 'cloud.call_malformed'],
  ]),
  ...rows('*', '*', tokenErrors, [
    ['NoPermission', 'cloud.permission'],
    // For a token used to sign in. Within a session, each of these codes ends the session (`lib/usecases`).
    ['InvalidSecurityToken.Expired', 'signin.token_refused', tokenAtFault],
    ['InvalidSecurityToken.Malformed', 'signin.token_refused', tokenAtFault],
    ['InvalidSecurityToken.MismatchWithAccessKey', 'signin.token_refused', tokenAtFault],
    ['MissingSecurityToken', 'signin.token_refused', tokenAtFault],
  ]),
  ...rows('*', '*', ecsErrors, [
    ['Forbidden.AccessKeyDisabled', 'signin.key_inactive', keyAtFault],
    ['UnknownError', 'cloud.unavailable', vendorFault],
  ]),
]

const stsDocs = `${metadata}/sts/2015-04-01/api-docs.json`
const masterDocs = `${metadata}/resourcedirectorymaster/2022-04-19/api-docs.json`
const sendDocs = 'https://help.aliyun.com/document_detail/372556.html'
const bindDocs = 'https://help.aliyun.com/document_detail/372561.html'
const sendEnableDocs = 'https://help.aliyun.com/document_detail/364248.html'
const managerDocs = `${metadata}/resourcemanager/2020-03-31/api-docs.json`
const desktopDocs = `${metadata}/ecd/2020-09-30/api-docs.json`
const clientCode = 'https://github.com/aliyun/terraform-provider-alicloud/blob/master/alicloud'
const metPreparing = `${clientCode}/resource_alicloud_ecd_simple_office_site.go`
const metInState = `${clientCode}/resource_alicloud_ecd_ad_connector_office_site.go`

// Also returned to callers who do not manage a directory: it does not prove that there is none.
const noDirectory: Rows = [['EntityNotExists.ResourceDirectory', 'directory.not_managed']]

const enableRefusals: Rows = [
  ['EntityAlreadyExists.ResourceDirectory', 'directory.exists'],
  ['NotSupport.AccountInAnotherResourceDirectory', 'directory.member_elsewhere'],
  ['Invalid.EnterpriseName', 'account.enterprise_name_missing'],
  ['EnterpriseRealNameVerificationError', 'account.enterprise_unverified'],
  ['InvalidParameter.ManagementAccountName', 'enable.name_invalid', { field: 'namePrefix' }],
  ['InvalidParameter.ManagementAccountName.AlreadyUsed', 'enable.name_taken', { field: 'namePrefix' }],
  ['Invalid.VerificationCode', 'code.wrong_or_expired', { field: 'code' }],
  // As with binding, the form that submits the code has no field for the number.
  ['InvalidParameter.ManagementAccountSecurityInfo', 'phone.refused'],
  ['MissingSecureMobilePhone', 'account.phone_missing'],
  ['MissingSecurityInfo', 'account.security_info_missing'],
]

/** Gateway codes for the parameters of EnableResourceDirectory, in case it checks them before the service does. */
const enableParameters: Rows = [
  ['InvalidMAName', 'enable.name_invalid', { field: 'namePrefix' }],
  ['InvalidVerificationCode', 'code.wrong_or_expired', { field: 'code' }],
  ['InvalidMASecureMobilePhone', 'phone.refused'],
  ['MissingMASecureMobilePhone', 'account.phone_missing'],
]

const regionRefusals: Rows = [
  ['InvalidRegion.NotFound', 'region.unknown'],
  ['InvalidRegionId', 'region.unknown'],
]
const networkParameter: Rows = [['InvalidOfficeSiteId', 'network.not_found']]
const cenParameters: Rows = [
  ['InvalidCenId', 'cen.not_found', { field: 'cenId' }],
  ['InvalidCenOwnerId', 'cen.owner_wrong', { field: 'ownerId' }],
  ['InvalidVerifyCode', 'code.wrong_or_expired', { field: 'code' }],
]
const cenRefusals: Rows = [
  ['InvalidCen.CenUidInvalid', 'cen.owner_wrong', { field: 'ownerId' }],
  ['InvalidCen.ParameterCenInstanceId', 'cen.not_found', { field: 'cenId' }],
]
const cenCodeRefusals: Rows = [
  ['VerifyCode.InvalidTokenCode', 'code.wrong_or_expired', { field: 'code' }],
  ['VerifyCode.ReachTokenRetryTime', 'code.attempts_used_upstream', { field: 'code' }],
]
/** Undocumented, but handled by other clients, which wait and retry. */
const networkStates = (operation: string) => [
  ...rows('ecd', operation, metPreparing, [['DirectoryNotReady', 'network.not_ready', later]]),
  ...rows('ecd', operation, metInState, [['InvalidDirectoryStatus', 'network.not_ready', later]]),
]

/** By operation: the codes documented for the parameters this console sends, and those that differ from the gateway's. */
export const catalog: readonly CatalogRow[] = [
  ...rows('Sts', 'AssumeRole', stsDocs, [
    ['InvalidParameter.RoleArn', 'signin.role_missing', { field: 'roleArn' }],
    ['EntityNotExist.Role', 'signin.role_missing', { field: 'roleArn' }],
    ['NoPermission', 'signin.role_refused', { field: 'roleArn' }],
    ['AuthenticationFail.ApiUsername', 'signin.key_unknown', keyAtFault],
    [
      'AuthenticationFail.ApiPassword',
      'signin.secret_wrong',
      { field: 'accessKeySecret', endsSession: true },
    ],
    // No form has these fields: the console sets the values itself.
    ['InvalidParameter.DurationSeconds', 'cloud.call_malformed'],
    ['InvalidParameter.RoleSessionName', 'cloud.call_malformed'],
    ['InvalidParameter.PolicyGrammar', 'cloud.call_malformed'],
    ['InvalidParameter.PolicySize', 'cloud.call_malformed'],
    ['InvalidParameter.ContentType', 'cloud.call_malformed'],
  ]),
  ...rows('Sts', 'AssumeRole', commonErrors, [
    ['Forbidden.RAM', 'signin.role_refused', { field: 'roleArn' }],
    ['Forbidden', 'signin.role_refused', { field: 'roleArn' }],
  ]),
  ...rows('Sts', 'AssumeRole', gatewayList, [
    ['InvalidRoleArn', 'signin.role_missing', { field: 'roleArn' }],
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
    // Means "not 16 digits": no such member can exist.
    ['InvalidParameter.AccountId', 'member.not_found'],
    ['EntityNotExists.Account', 'member.not_found'],
  ]),
  ...rows('ResourceDirectoryMaster', 'GetPayerForAccount', masterDocs, [
    ...noDirectory,
    ['EntityNotExists.Account', 'member.not_found'],
  ]),
  ...rows('ResourceManager', 'SendVerificationCodeForBindSecureMobilePhone', sendDocs, [
    ['NotSupport.AccountInAnotherResourceDirectory', 'member.not_in_directory'],
    ['EntityAlreadyExists.ResourceDirectory', 'member.has_own_directory'],
    ['SendValidateCodeExceedsLimitForAccount', 'send.day_limit'],
    ['InvalidParameter.MobileCountryCode', 'phone.country_not_allowed', { field: 'phone' }],
  ]),
  ...rows('ResourceManager', 'SendVerificationCodeForBindSecureMobilePhone', gatewayList, [
    ['InvalidSecureMobilePhone', 'phone.refused', { field: 'phone' }],
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
  ...rows('ResourceManager', 'BindSecureMobilePhone', gatewayList, [
    ['InvalidVerificationCode', 'code.wrong_or_expired', { field: 'code' }],
    // The form that submits the code has no field for the number: it is the one the code was sent to.
    ['InvalidSecureMobilePhone', 'phone.refused'],
  ]),
  ...rows('ResourceManager', 'SendVerificationCodeForEnableRD', sendEnableDocs, [
    ['EntityAlreadyExists.ResourceDirectory', 'directory.exists'],
    ['NotSupport.AccountInAnotherResourceDirectory', 'directory.member_elsewhere'],
    ['SendValidateCodeExceedsLimitForAccount', 'send.day_limit'],
    ['InvalidParameter.MobileCountryCode', 'phone.country_not_allowed', { field: 'phone' }],
  ]),
  ...rows('ResourceManager', 'SendVerificationCodeForEnableRD', gatewayList, [
    ['InvalidSecureMobilePhone', 'phone.refused', { field: 'phone' }],
    // The number is optional: without it, the code goes to the account's own number.
    ['MissingSecureMobilePhone', 'account.phone_missing'],
  ]),
  ...rows('ResourceManager', 'EnableResourceDirectory', managerDocs, enableRefusals),
  ...rows('ResourceManager', 'EnableResourceDirectory', gatewayList, enableParameters),
  ...rows('ResourceDirectoryMaster', 'EnableResourceDirectory', masterDocs, [
    ...enableRefusals,
    ['NotSupport.Account.Site', 'site.not_offered'],
    ['Invalid.AccountType', 'account.type_unfit'],
  ]),
  ...rows('ResourceDirectoryMaster', 'EnableResourceDirectory', gatewayList, enableParameters),
  // Elastic Desktop Service documents no error codes. VerifyCen returns the four of `cenRefusals` and
  // `cenCodeRefusals` as a status; that other operations return them as errors is an assumption.
  ...rows('ecd', 'DescribeRegions', gatewayList, regionRefusals),
  ...rows('ecd', 'DescribeOfficeSites', gatewayList, [...regionRefusals, ...networkParameter]),
  ...rows('ecd', 'DescribeCens', gatewayList, regionRefusals),
  ...rows('ecd', 'SendVerifyCode', gatewayList, regionRefusals),
  ...rows('ecd', 'SendVerifyCode', desktopDocs, cenRefusals),
  ...rows('ecd', 'VerifyCen', gatewayList, [...regionRefusals, ...cenParameters]),
  ...rows('ecd', 'AttachCen', gatewayList, [...regionRefusals, ...networkParameter, ...cenParameters]),
  ...rows('ecd', 'AttachCen', desktopDocs, [...cenRefusals, ...cenCodeRefusals]),
  ...networkStates('AttachCen'),
  ...rows('ecd', 'DetachCen', gatewayList, [...regionRefusals, ...networkParameter]),
  ...networkStates('DetachCen'),
  ...gateway,
]

/** The gateway's pattern for codes about a parameter; parameters differ by operation. */
const ofParameter = /^(Missing|Invalid)[A-Z]\w*$/

/**
 * Codes with varying suffixes, and some that the pages of these operations do not list but other clients see. Those marked
 * `later` are retryable: https://github.com/aliyun/terraform-provider-alicloud waits and retries them.
 */
const families: ReadonlyArray<[code: RegExp, meaning: Meaning]> = [
  [/(^|\.)Throttling/, { to: 'cloud.busy', ...later }],
  [/^ConcurrentCallNotSupported/, { to: 'cloud.other_change_running', ...later }],
  [/\.PreCheckingAccount$/, { to: 'member.deletion_check_running', ...later }],
  [/^(Illegal|Invalid)Time[sS]tamp/, { to: 'cloud.clock_wrong' }],
  [/^InvalidAccessKeyId/, { to: 'signin.key_unknown', ...keyAtFault }],
  [/^InvalidSecurityToken/, { to: 'signin.token_refused', ...tokenAtFault }],
]

/**
 * The row of this operation and code; else the gateway's row; else the meaning on which all other operations that list the
 * code agree (operations also return codes that their pages do not list); else its family; else `cloud.refused`.
 */
export function meaningOf(product: Product, operation: string, code: string): Meaning {
  const same = catalog.filter((row) => row.code === code)
  const exact = same.find((row) => row.product === product && row.operation === operation)
  const found = exact ?? same.find((row) => row.product === '*')
  if (found) return found
  const [first] = ofParameter.test(code) ? [] : same
  if (first && same.every((row) => row.to === first.to)) return first
  return families.find(([family]) => family.test(code))?.[1] ?? { to: 'cloud.refused' }
}
