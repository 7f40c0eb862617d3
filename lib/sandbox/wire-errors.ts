// Error codes, HTTP statuses and messages as documented by the vendor.
// Gateway: https://developer.aliyun.com/ask/278265 and https://help.aliyun.com/document_detail/51132.html
// Directory: https://help.aliyun.com/document_detail/372556.html and the pages of the other operations
// STS: https://help.aliyun.com/zh/ram/developer-reference/api-sts-2015-04-01-errorcodes

type Entry = readonly [status: number, message: string]

/** Errors the gateway may return for any operation. */
const gateway = {
  'InvalidAccessKeyId.NotFound': [404, 'Specified access key is not found.'],
  'InvalidAccessKeyId.Inactive': [400, 'Specified access key is disabled.'],
  'Forbidden.AccessKeyDisabled': [403, 'The Access Key is disabled.'],
  MissingAccessKeyId: [400, 'AccessKeyId is mandatory for this action.'],
  SignatureDoesNotMatch: [400, 'Specified signature does not match our calculation.'],
  IncompleteSignature: [400, 'The request signature does not conform to Aliyun standards.'],
  SignatureNonceUsed: [400, 'Specified signature nonce was used already.'],
  InvalidSignatureMethod: [400, 'Specified signature method is not valid.'],
  'InvalidTimeStamp.Format': [400, 'Specified time stamp or date value is not well formatted.'],
  'InvalidTimeStamp.Expired': [400, 'Specified time stamp or date value is expired.'],
  'InvalidSecurityToken.Expired': [400, 'Specified SecurityToken is expired.'],
  'InvalidSecurityToken.Malformed': [400, 'Specified SecurityToken is malformed.'],
  'InvalidSecurityToken.MismatchWithAccessKey': [400, 'Specified SecurityToken mismatch with the AccessKey.'],
  MissingSecurityToken: [400, 'SecurityToken is mandatory for this action.'],
  MissingParameter: [
    400,
    'The input parameter that is mandatory for processing this request is not supplied',
  ],
  InvalidParameter: [400, 'The specified value of parameter is not valid.'],
  'InvalidParameter.Format': [400, 'Specified parameter format is not valid.'],
  InvalidVersion: [400, 'Specified parameter Version is not valid.'],
  'InvalidAction.NotFound': [404, 'Specified api is not found, please check your url and method.'],
  'InvalidApi.NotFound': [404, 'Specified api is not found, please check your url and method.'],
  'InvalidProduct.NotFound': [404, 'Cannot find product according to your specified domain.'],
  'InvalidRegion.NotFound': [404, 'The RegionId or ZoneId provided does not exist in our records.'],
  // The messages of these two are not documented.
  ContentLengthDoesNotMatch: [400, ''],
  ContentMD5NotMatched: [400, ''],
  'InvalidProtocol.NeedSsl': [404, 'Your request is denied as lack of ssl protect.'],
  UnsupportedHTTPMethod: [403, 'This http method is not supported.'],
  'Forbidden.RAM': [
    403,
    "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
  ],
  Forbidden: [403, 'User not authorized to operate on the specified resource.'],
  NoPermission: [403, 'You are not authorized to do this action. You should be authorized by RAM.'],
  'Forbidden.RiskControl': [403, 'This operation is forbidden by Aliyun Risk Control system.'],
  'Forbidden.UserVerification': [403, 'Your user account is not verified by Aliyun.'],
  Throttling: [400, 'Request was denied due to request throttling.'],
  'Throttling.User': [400, 'Request was denied due to user flow control.'],
  'Throttling.Api': [400, 'Request was denied due to api flow control.'],
  ServiceUnavailable: [503, 'The request has failed due to a temporary failure of the server.'],
  InternalError: [500, 'The request processing has failed due to some unknown error, exception or failure.'],
  UnknownError: [400, 'The request processing has failed due to some unknown error.'],
} as const satisfies Record<string, Entry>

/** Errors of individual operations. Each row of the action table lists those documented for it. */
const operations = {
  ResourceDirectoryNotInUse: [
    404,
    'The specified account is not an Alibaba Cloud account or a member account of the resource directory.',
  ],
  'EntityNotExists.ResourceDirectory': [
    404,
    'The resource directory for the account is not enabled. We recommend that you first enable the resource directory for the account.',
  ],
  'EntityNotExists.Account': [404, 'This resource directory account does not exist.'],
  'EntityNotExists.Folder': [404, 'The resource directory folder does not exist.'],
  'MissingParameter.AccountId': [400, 'You must specify AccountId.'],
  'InvalidParameter.AccountId': [400, 'The AccountId is invalid.'],
  'InvalidParameter.ParentFolderId': [400, 'The ParentFolderId is invalid.'],
  'MissingParameter.FolderId': [400, 'You must specify FolderId.'],
  'InvalidParameter.FolderId': [400, 'The FolderId is invalid.'],
  'MissingParameter.ChildId': [400, 'You must specify ChildId.'],
  'InvalidParameter.ChildId': [400, 'The ChildId is invalid.'],
  'NotSupport.AccountInAnotherResourceDirectory': [
    409,
    'The specified account is an Alibaba Cloud account or already exists in another resource directory.',
  ],
  'EntityAlreadyExists.ResourceDirectory': [
    409,
    'The resource directory for the account is already enabled. We recommend that you do not enable the resource directory again.',
  ],
  SendValidateCodeExceedsLimitForAccount: [
    409,
    'For the same account, the number of verification codes sent exceeds the limit.',
  ],
  'InvalidParameter.MobileCountryCode': [409, 'The current site does not support the country code.'],
  'NotSupport.Site.Action': [400, 'Site does not allow current action.'],
  'Invalid.EnterpriseName': [409, 'You must specify the enterprise name.'],
  EnterpriseRealNameVerificationError: [
    409,
    'The specified account does not pass enterprise real-name verification. We recommend you first complete enterprise real-name verification for the account.',
  ],
  'Invalid.VerificationCode': [409, 'The verification code is invalid.'],
  AccountTypeMismatch: [
    409,
    'The type or status of the member account cannot satisfy the current operation.',
  ],
  AccountSecureMobileAlreadyExists: [409, 'The secure mobile number of the member already exists.'],
  'InvalidParameter.ManagementAccountName': [409, 'The management account name is in the wrong format.'],
  'InvalidParameter.ManagementAccountName.AlreadyUsed': [409, 'The ManagementAccountName has been used.'],
  'InvalidParameter.ManagementAccountSecurityInfo': [
    409,
    'The parameter management account secure mobile phone is invalid.',
  ],
  MissingSecureMobilePhone: [409, 'Secure mobile phone is missing.'],
  MissingSecurityInfo: [409, 'Security info is missing.'],
  'NotSupport.Account.Site': [409, 'The caller is not a China site account, which is not supported.'],
  'Invalid.AccountType': [409, 'The specified profile type of account is invalid.'],
  CallerIdentityError: [409, 'Please use the RAM user or role of the Management Account.'],
  'InvalidParameter.DurationSeconds': [400, 'The Min/Max value of DurationSeconds is 15min/1hr.'],
  'InvalidParameter.ExternalId': [400, 'The parameter ExternalId is wrongly formed.'],
  'InvalidParameter.RoleArn': [400, 'The parameter RoleArn is wrongly formed.'],
  'InvalidParameter.RoleSessionName': [400, 'The parameter RoleSessionName is wrongly formed.'],
  'InvalidParameter.SerialNumber': [400, 'The parameter SerialNumber is wrongly formed.'],
  'InvalidParameter.TokenCode': [400, 'The parameter TokenCode is wrongly formed.'],
  'InvalidParameter.PolicyGrammar': [400, 'The parameter Policy has not passed grammar check.'],
  'InvalidParameter.PolicySize': [400, 'The size of Policy must be smaller than 2048 bytes.'],
  'InvalidParameter.ContentType': [
    400,
    'The ContentType request header must be either "application/json" or "application/x-www-form-urlencoded".',
  ],
  'AuthenticationFail.ApiUsername': [403, 'The specified api username is not legal.'],
  'AuthenticationFail.ApiPassword': [403, 'The specified api password is not legal.'],
  'EntityNotExist.Role': [404, 'The specified Role not exists .'],
  // Elastic Desktop Service documents the first four as statuses of VerifyCen only. That other operations return them as
  // errors is assumed, HTTP status and message included. The last two were seen by clients; their messages are unknown.
  'InvalidCen.CenUidInvalid': [400, 'InvalidCen.CenUidInvalid'],
  'InvalidCen.ParameterCenInstanceId': [400, 'InvalidCen.ParameterCenInstanceId'],
  'VerifyCode.InvalidTokenCode': [400, 'VerifyCode.InvalidTokenCode'],
  'VerifyCode.ReachTokenRetryTime': [400, 'VerifyCode.ReachTokenRetryTime'],
  InvalidDirectoryStatus: [400, ''],
  DirectoryNotReady: [400, ''],
} as const satisfies Record<string, Entry>

export type GatewayCode = keyof typeof gateway
export type OperationCode = keyof typeof operations

const entries = new Map<string, Entry>([...Object.entries(gateway), ...Object.entries(operations)])

/** STS messages that differ from the gateway's for the same code. */
export const stsMessages = {
  rootMayNotAssume: 'Roles may not be assumed by root accounts.',
  notTrusted:
    'No permission perform sts:AssumeRole on this Role. Maybe you are not authorized to perform sts:AssumeRole or the specified role does not trust you',
  internal: 'STS Server Internal Error happened, please send the RequestId to us.',
} as const

/** An error with the vendor's code and message; the server turns it into the error reply. */
export class WireError extends Error {
  readonly code: string
  readonly status: number
  readonly extra: Record<string, unknown>

  constructor(code: string, status: number, message: string, extra: Record<string, unknown> = {}) {
    super(message)
    this.name = 'WireError'
    this.code = code
    this.status = status
    this.extra = extra
  }
}

/** Creates the documented error for a code. */
export function refusal(
  code: GatewayCode | OperationCode,
  changed: { message?: string; extra?: Record<string, unknown> } = {},
): WireError {
  const [status, message] = entries.get(code) ?? [500, code]
  return new WireError(code, status, changed.message ?? message, changed.extra)
}

/** The gateway's error for an absent required parameter. */
export function missing(parameter: string): WireError {
  return new WireError(`Missing${parameter}`, 400, `${parameter} is mandatory for this action.`)
}

/** The gateway's error for a parameter with a wrong type or range. */
export function invalid(parameter: string): WireError {
  return new WireError(`Invalid${parameter}`, 400, `Specified parameter ${parameter} is not valid.`)
}

/** Every code that `documentedRefusal` accepts for an operation. */
export function documentedCodes(operation: {
  errors: readonly OperationCode[]
  params: readonly string[]
}): string[] {
  const ofParameters = operation.params.flatMap((name) => [`Missing${name}`, `Invalid${name}`])
  return [...Object.keys(gateway), ...operation.errors, ...ofParameters]
}

/**
 * Finds the error for a code entered by a person; undefined if the vendor does not document the code for the operation.
 */
export function documentedRefusal(
  code: string,
  operation: { errors: readonly OperationCode[]; params: readonly string[]; product: string },
): WireError | undefined {
  if (!documentedCodes(operation).includes(code)) return undefined
  if (operation.product === 'Sts' && code === 'InternalError') {
    return refusal(code, { message: stsMessages.internal })
  }
  if (Object.hasOwn(gateway, code) || (operation.errors as readonly string[]).includes(code)) {
    const entry = entries.get(code)
    return entry && new WireError(code, entry[0], entry[1])
  }
  const parameter = code.replace(/^(Missing|Invalid)/, '')
  return code.startsWith('Missing') ? missing(parameter) : invalid(parameter)
}
