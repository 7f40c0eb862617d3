import type { ErrorCode } from '@/lib/contract/errors'
import type { FormField } from './catalog'
import type { OperationName, Product } from './operations'

/**
 * The expected meaning of each documented code, written independently of the catalog. The sandbox's tables list the codes,
 * this file says what they must become, and tests compare both with what the client reports.
 */
export interface ErrorFact {
  ours: ErrorCode
  /** HTTP status of the console's own response. */
  status: number
  /** `unknown` = it may have been executed. */
  kind: 'refused' | 'busy' | 'unknown'
  /** The same call may succeed a little later. */
  retry?: true
  endsSession?: true
  field?: FormField
}

type Group = ErrorFact & { codes: readonly string[] }

const badKey = { status: 401, kind: 'refused', endsSession: true } as const
const refused = { status: 409, kind: 'refused' } as const

const anyOperation: readonly Group[] = [
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

const notManaged: Group = {
  ours: 'directory.not_managed',
  status: 404,
  kind: 'refused',
  codes: ['EntityNotExists.ResourceDirectory'],
}
const notInDirectory: Group = {
  ours: 'member.not_in_directory',
  ...refused,
  codes: ['NotSupport.AccountInAnotherResourceDirectory'],
}
const ownDirectory: Group = {
  ours: 'member.has_own_directory',
  ...refused,
  codes: ['EntityAlreadyExists.ResourceDirectory'],
}
const notForEnabling: readonly Group[] = [
  { ours: 'directory.exists', ...refused, codes: ['EntityAlreadyExists.ResourceDirectory'] },
  { ours: 'directory.member_elsewhere', ...refused, codes: ['NotSupport.AccountInAnotherResourceDirectory'] },
]
const enabling: readonly Group[] = [
  ...notForEnabling,
  { ours: 'account.enterprise_name_missing', ...refused, codes: ['Invalid.EnterpriseName'] },
  { ours: 'account.enterprise_unverified', ...refused, codes: ['EnterpriseRealNameVerificationError'] },
  { ours: 'account.security_info_missing', ...refused, codes: ['MissingSecurityInfo'] },
  {
    ours: 'account.phone_missing',
    ...refused,
    codes: ['MissingSecureMobilePhone', 'MissingMASecureMobilePhone'],
  },
  {
    ours: 'phone.refused',
    ...refused,
    codes: ['InvalidParameter.ManagementAccountSecurityInfo', 'InvalidMASecureMobilePhone'],
  },
  {
    ours: 'enable.name_invalid',
    ...refused,
    field: 'namePrefix',
    codes: ['InvalidParameter.ManagementAccountName', 'InvalidMAName'],
  },
  {
    ours: 'enable.name_taken',
    ...refused,
    field: 'namePrefix',
    codes: ['InvalidParameter.ManagementAccountName.AlreadyUsed'],
  },
  {
    ours: 'code.wrong_or_expired',
    ...refused,
    field: 'code',
    codes: ['Invalid.VerificationCode', 'InvalidVerificationCode'],
  },
]

const noRegion: Group = {
  ours: 'region.unknown',
  status: 404,
  kind: 'refused',
  codes: ['InvalidRegion.NotFound', 'InvalidRegionId'],
}
const noNetwork: Group = {
  ours: 'network.not_found',
  status: 404,
  kind: 'refused',
  codes: ['InvalidOfficeSiteId'],
}
const notReady: Group = {
  ours: 'network.not_ready',
  ...refused,
  retry: true,
  codes: ['InvalidDirectoryStatus', 'DirectoryNotReady'],
}

/** Additional codes of single operations, and codes with a different meaning there. */
const ofOperation: Record<string, readonly Group[]> = {
  GetCallerIdentity: [],
  AssumeRole: [
    {
      ours: 'signin.role_refused',
      status: 403,
      kind: 'refused',
      field: 'roleArn',
      codes: ['NoPermission', 'Forbidden', 'Forbidden.RAM'],
    },
    {
      ours: 'signin.role_missing',
      status: 404,
      kind: 'refused',
      field: 'roleArn',
      codes: ['EntityNotExist.Role', 'InvalidParameter.RoleArn', 'InvalidRoleArn'],
    },
    {
      ours: 'signin.key_unknown',
      ...badKey,
      field: 'accessKeyId',
      codes: ['AuthenticationFail.ApiUsername'],
    },
    {
      ours: 'signin.secret_wrong',
      ...badKey,
      field: 'accessKeySecret',
      codes: ['AuthenticationFail.ApiPassword'],
    },
    {
      ours: 'cloud.call_malformed',
      status: 502,
      kind: 'refused',
      codes: [
        'InvalidParameter.DurationSeconds',
        'InvalidParameter.RoleSessionName',
        'InvalidParameter.PolicyGrammar',
        'InvalidParameter.PolicySize',
        'InvalidParameter.ContentType',
      ],
    },
  ],
  GetResourceDirectory: [
    { ours: 'directory.none', status: 404, kind: 'refused', codes: ['ResourceDirectoryNotInUse'] },
  ],
  ListAccounts: [notManaged],
  ListFoldersForParent: [
    notManaged,
    {
      ours: 'folder.not_found',
      status: 404,
      kind: 'refused',
      codes: ['InvalidParameter.ParentFolderId', 'EntityNotExists.Folder'],
    },
  ],
  GetAccount: [
    notManaged,
    {
      ours: 'member.not_found',
      status: 404,
      kind: 'refused',
      codes: ['EntityNotExists.Account', 'InvalidParameter.AccountId'],
    },
  ],
  SendVerificationCodeForBindSecureMobilePhone: [
    notInDirectory,
    ownDirectory,
    { ours: 'send.day_limit', ...refused, codes: ['SendValidateCodeExceedsLimitForAccount'] },
    {
      ours: 'phone.country_not_allowed',
      ...refused,
      field: 'phone',
      codes: ['InvalidParameter.MobileCountryCode'],
    },
    { ours: 'phone.refused', ...refused, field: 'phone', codes: ['InvalidSecureMobilePhone'] },
  ],
  BindSecureMobilePhone: [
    notInDirectory,
    ownDirectory,
    { ours: 'site.not_offered', status: 400, kind: 'refused', codes: ['NotSupport.Site.Action'] },
    { ours: 'account.enterprise_name_missing', ...refused, codes: ['Invalid.EnterpriseName'] },
    { ours: 'account.enterprise_unverified', ...refused, codes: ['EnterpriseRealNameVerificationError'] },
    {
      ours: 'code.wrong_or_expired',
      ...refused,
      field: 'code',
      codes: ['Invalid.VerificationCode', 'InvalidVerificationCode'],
    },
    { ours: 'phone.refused', ...refused, codes: ['InvalidSecureMobilePhone'] },
    { ours: 'member.type_or_status_unfit', ...refused, codes: ['AccountTypeMismatch'] },
    { ours: 'phone.already_bound', ...refused, codes: ['AccountSecureMobileAlreadyExists'] },
    { ours: 'caller.must_be_management_user', ...refused, codes: ['CallerIdentityError'] },
  ],
  SendVerificationCodeForEnableRD: [
    ...notForEnabling,
    { ours: 'send.day_limit', ...refused, codes: ['SendValidateCodeExceedsLimitForAccount'] },
    {
      ours: 'phone.country_not_allowed',
      ...refused,
      field: 'phone',
      codes: ['InvalidParameter.MobileCountryCode'],
    },
    { ours: 'phone.refused', ...refused, field: 'phone', codes: ['InvalidSecureMobilePhone'] },
    { ours: 'account.phone_missing', ...refused, codes: ['MissingSecureMobilePhone'] },
  ],
  EnableResourceDirectory: enabling,
  'ResourceDirectoryMaster/EnableResourceDirectory': [
    ...enabling,
    { ours: 'site.not_offered', status: 400, kind: 'refused', codes: ['NotSupport.Account.Site'] },
    { ours: 'account.type_unfit', ...refused, codes: ['Invalid.AccountType'] },
  ],
  DescribeRegions: [noRegion],
  DescribeOfficeSites: [noRegion, noNetwork],
  DescribeCens: [noRegion],
  SendVerifyCode: [
    noRegion,
    { ours: 'cen.owner_wrong', ...refused, field: 'ownerId', codes: ['InvalidCen.CenUidInvalid'] },
    { ours: 'cen.not_found', ...refused, field: 'cenId', codes: ['InvalidCen.ParameterCenInstanceId'] },
  ],
  VerifyCen: [
    noRegion,
    { ours: 'cen.owner_wrong', ...refused, field: 'ownerId', codes: ['InvalidCenOwnerId'] },
    { ours: 'cen.not_found', ...refused, field: 'cenId', codes: ['InvalidCenId'] },
    { ours: 'code.wrong_or_expired', ...refused, field: 'code', codes: ['InvalidVerifyCode'] },
  ],
  AttachCen: [
    noRegion,
    noNetwork,
    notReady,
    {
      ours: 'cen.owner_wrong',
      ...refused,
      field: 'ownerId',
      codes: ['InvalidCen.CenUidInvalid', 'InvalidCenOwnerId'],
    },
    {
      ours: 'cen.not_found',
      ...refused,
      field: 'cenId',
      codes: ['InvalidCen.ParameterCenInstanceId', 'InvalidCenId'],
    },
    {
      ours: 'code.wrong_or_expired',
      ...refused,
      field: 'code',
      codes: ['VerifyCode.InvalidTokenCode', 'InvalidVerifyCode'],
    },
    {
      ours: 'code.attempts_used_upstream',
      ...refused,
      field: 'code',
      codes: ['VerifyCode.ReachTokenRetryTime'],
    },
  ],
  DetachCen: [noRegion, noNetwork, notReady],
}

/** Documented, but about parameters that this console never sends. */
const aboutWhatIsNotSent = new Set([
  'InvalidParameter.ExternalId',
  'InvalidParameter.SerialNumber',
  'InvalidParameter.TokenCode',
])

function byGateway(...parameters: string[]): Record<string, string> {
  return Object.fromEntries(parameters.map((name) => [name, `Missing${name}`]))
}

/**
 * The code for a missing required parameter: the gateway's generic form, or a code of the operation. Which of the two is
 * not documented; for operations that list no such code, the gateway's form is assumed.
 */
export const withoutParameter: Record<OperationName, Record<string, string>> = {
  callerIdentity: {},
  assumeRole: byGateway('RoleArn', 'RoleSessionName'),
  directory: {},
  listMembers: {},
  listFolders: {},
  member: { AccountId: 'MissingParameter.AccountId' },
  sendBindCode: byGateway('AccountId', 'SecureMobilePhone'),
  bindPhone: byGateway('AccountId', 'SecureMobilePhone', 'VerificationCode'),
  // Without a number the code goes to the account's own phone.
  sendEnableCode: {},
  enableDirectory: byGateway('EnableMode'),
  tryEnableDirectory: byGateway('EnableMode'),
  listRegions: byGateway('RegionId'),
  listNetworks: byGateway('RegionId'),
  listCens: byGateway('RegionId'),
  sendCenCode: byGateway('RegionId', 'VerifyCodeAction', 'ExtraInfo'),
  verifyCen: byGateway('RegionId', 'CenId', 'CidrBlock'),
  attachCen: byGateway('RegionId', 'OfficeSiteId', 'CenId'),
  detachCen: byGateway('RegionId', 'OfficeSiteId'),
}

/** Documented for parameters that this console always sends. The gateway's form is not documented by name. */
const aboutWhatIsAlwaysSent = new Set(
  Object.values(withoutParameter)
    .flatMap(Object.values)
    .filter((code) => code.includes('.')),
)

/** Whether a documented code can be returned to this console; only some products take a region. */
export function canArrive(code: string, product?: Product): boolean {
  if (code === 'InvalidRegion.NotFound') return product === 'ecd'
  return !aboutWhatIsNotSent.has(code) && !aboutWhatIsAlwaysSent.has(code)
}

/** The expected meaning of each code of an operation; `Product/Operation` where two products differ. */
export function errorFacts(operation: string, product?: Product): Map<string, ErrorFact> {
  const own = ofOperation[`${product}/${operation}`] ?? ofOperation[operation]
  if (!own) throw new Error(`no facts about ${operation}`)
  return new Map(
    [...anyOperation, ...own].flatMap(({ codes, ...fact }) => codes.map((code) => [code, fact] as const)),
  )
}
