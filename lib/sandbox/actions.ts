import type { Action, Handler, Product } from './call.ts'
import { attachCen, cenOfExtraInfo, describeCens, detachCen, sendVerifyCode, verifyCen } from './cen.ts'
import {
  getAccount,
  getFolder,
  getResourceDirectory,
  listAccounts,
  listAccountsForParent,
  listAncestors,
  listFoldersForParent,
} from './directory.ts'
import { enableResourceDirectory, sendVerificationCodeForEnable } from './enable-directory.ts'
import { describeOfficeSites } from './office-sites.ts'
import { describeRegions } from './regions.ts'
import { bindSecureMobilePhone, sendVerificationCodeForBind } from './secure-phone.ts'
import { assumeRole, getCallerIdentity } from './sts.ts'
import type { OperationCode } from './wire-errors.ts'

/** Versions differ from product to product, so the version of a call tells its product. */
const products: readonly { product: Product; version: string; host: string }[] = [
  { product: 'Sts', version: '2015-04-01', host: 'sts.aliyuncs.com' },
  { product: 'ResourceManager', version: '2020-03-31', host: 'resourcemanager.aliyuncs.com' },
  { product: 'ResourceDirectoryMaster', version: '2022-04-19', host: 'resourcedirectory.aliyuncs.com' },
  { product: 'ecd', version: '2020-09-30', host: 'ecd.aliyuncs.com' },
]

const noDirectory = 'EntityNotExists.ResourceDirectory'
const paging = ['PageNumber', 'PageSize']
const assumeRoleParams = [
  'RoleArn',
  'RoleSessionName',
  'DurationSeconds',
  'Policy',
  'ExternalId',
  'SourceIdentity',
]
const assumeRoleErrors: readonly OperationCode[] = [
  'InvalidParameter.DurationSeconds',
  'InvalidParameter.ExternalId',
  'InvalidParameter.RoleArn',
  'InvalidParameter.RoleSessionName',
  'InvalidParameter.SerialNumber',
  'InvalidParameter.TokenCode',
  'InvalidParameter.PolicyGrammar',
  'InvalidParameter.PolicySize',
  'InvalidParameter.ContentType',
  'AuthenticationFail.ApiUsername',
  'AuthenticationFail.ApiPassword',
  'EntityNotExist.Role',
]
const sendErrors: readonly OperationCode[] = [
  'NotSupport.AccountInAnotherResourceDirectory',
  'EntityAlreadyExists.ResourceDirectory',
  'SendValidateCodeExceedsLimitForAccount',
  'InvalidParameter.MobileCountryCode',
]
const bindErrors: readonly OperationCode[] = [
  'NotSupport.Site.Action',
  'NotSupport.AccountInAnotherResourceDirectory',
  'Invalid.EnterpriseName',
  'EnterpriseRealNameVerificationError',
  'EntityAlreadyExists.ResourceDirectory',
  'Invalid.VerificationCode',
  'AccountTypeMismatch',
  'AccountSecureMobileAlreadyExists',
  'CallerIdentityError',
]
const enableParams = ['EnableMode', 'MAName', 'MASecureMobilePhone', 'VerificationCode']
const enableErrors: readonly OperationCode[] = [
  'NotSupport.AccountInAnotherResourceDirectory',
  'Invalid.EnterpriseName',
  'EnterpriseRealNameVerificationError',
  'EntityAlreadyExists.ResourceDirectory',
  'InvalidParameter.ManagementAccountName.AlreadyUsed',
  'Invalid.VerificationCode',
  'InvalidParameter.ManagementAccountName',
  'InvalidParameter.ManagementAccountSecurityInfo',
  'MissingSecureMobilePhone',
  'MissingSecurityInfo',
]
const badCen: readonly OperationCode[] = ['InvalidCen.CenUidInvalid', 'InvalidCen.ParameterCenInstanceId']
const badNetwork: readonly OperationCode[] = ['InvalidDirectoryStatus', 'DirectoryNotReady']
const badCode: readonly OperationCode[] = ['VerifyCode.InvalidTokenCode', 'VerifyCode.ReachTokenRetryTime']
const ownAccount: Action['target'] = (_params, caller) => caller.accountId

/**
 * The action table: to add an operation, write a handler and one line here. Flow limits are calls per second
 * per main account, from https://help.aliyun.com/document_detail/333462.html (assumed 50 where not listed, and 20 for ecd).
 */
const table: readonly Action[] = [
  row('Sts', 'GetCallerIdentity', 100, getCallerIdentity, { ramAction: undefined }),
  row('Sts', 'AssumeRole', 100, assumeRole, {
    ramAction: 'sts:AssumeRole',
    params: assumeRoleParams,
    required: ['RoleArn', 'RoleSessionName'],
    resource: (params) => params.get('RoleArn') ?? '*',
    errors: assumeRoleErrors,
  }),
  ...both('GetResourceDirectory', 50, getResourceDirectory, { errors: ['ResourceDirectoryNotInUse'] }),
  row('ResourceManager', 'ListAccounts', 20, listAccounts, {
    params: [...paging, 'IncludeTags'],
    errors: [noDirectory],
  }),
  row('ResourceDirectoryMaster', 'ListAccounts', 20, listAccounts, {
    params: [...paging, 'IncludeTags', 'QueryKeyword', 'MaxResults', 'NextToken'],
    errors: [noDirectory],
  }),
  ...both('ListAccountsForParent', 50, listAccountsForParent, {
    params: [...paging, 'IncludeTags', 'QueryKeyword', 'ParentFolderId'],
    errors: ['InvalidParameter.ParentFolderId', noDirectory, 'EntityNotExists.Folder'],
  }),
  ...both('ListFoldersForParent', 50, listFoldersForParent, {
    params: [...paging, 'QueryKeyword', 'ParentFolderId'],
    errors: ['InvalidParameter.ParentFolderId', noDirectory, 'EntityNotExists.Folder'],
  }),
  ...both('GetFolder', 50, getFolder, {
    params: ['FolderId'],
    errors: ['MissingParameter.FolderId', 'InvalidParameter.FolderId', noDirectory, 'EntityNotExists.Folder'],
  }),
  ...both('ListAncestors', 50, listAncestors, {
    params: ['ChildId'],
    errors: ['MissingParameter.ChildId', 'InvalidParameter.ChildId', noDirectory, 'EntityNotExists.Folder'],
  }),
  ...both('GetAccount', 50, getAccount, {
    params: ['AccountId', 'IncludeTags'],
    errors: [
      'MissingParameter.AccountId',
      'InvalidParameter.AccountId',
      'EntityNotExists.Account',
      noDirectory,
    ],
  }),
  ...both('SendVerificationCodeForBindSecureMobilePhone', 10, sendVerificationCodeForBind, {
    params: ['AccountId', 'SecureMobilePhone'],
    required: ['AccountId', 'SecureMobilePhone'],
    errors: sendErrors,
  }),
  ...both('BindSecureMobilePhone', 20, bindSecureMobilePhone, {
    params: ['AccountId', 'SecureMobilePhone', 'VerificationCode'],
    required: ['AccountId', 'SecureMobilePhone', 'VerificationCode'],
    errors: bindErrors,
  }),
  ...both('SendVerificationCodeForEnableRD', 5, sendVerificationCodeForEnable, {
    params: ['SecureMobilePhone'],
    target: ownAccount,
    errors: sendErrors,
  }),
  row('ResourceManager', 'EnableResourceDirectory', 10, enableResourceDirectory, {
    params: enableParams,
    required: ['EnableMode'],
    target: ownAccount,
    errors: enableErrors,
  }),
  row('ResourceDirectoryMaster', 'EnableResourceDirectory', 10, enableResourceDirectory, {
    params: [...enableParams, 'DryRun'],
    required: ['EnableMode'],
    target: ownAccount,
    errors: [...enableErrors, 'NotSupport.Account.Site', 'Invalid.AccountType'],
  }),
  ecd('DescribeRegions', describeRegions, [], { params: ['AcceptLanguage'] }),
  ecd('DescribeOfficeSites', describeOfficeSites, [], {
    params: ['OfficeSiteType', 'OfficeSiteId', 'Status', 'MaxResults', 'NextToken'],
  }),
  ecd('DescribeCens', describeCens, [], { params: paging }),
  ecd('SendVerifyCode', sendVerifyCode, ['VerifyCodeAction', 'ExtraInfo'], {
    target: (params) => cenOfExtraInfo(params.get('ExtraInfo')),
    errors: badCen,
  }),
  ecd('VerifyCen', verifyCen, ['CenId', 'CidrBlock'], {
    params: ['CenOwnerId', 'VerifyCode'],
    target: (params) => params.get('CenId') ?? '',
  }),
  ecd('AttachCen', attachCen, ['OfficeSiteId', 'CenId'], {
    params: ['CenOwnerId', 'VerifyCode'],
    target: (params) => params.get('OfficeSiteId') ?? '',
    errors: [...badNetwork, ...badCen, ...badCode],
  }),
  ecd('DetachCen', detachCen, ['OfficeSiteId'], {
    target: (params) => params.get('OfficeSiteId') ?? '',
    errors: badNetwork,
  }),
]

type Details = Partial<Pick<Action, 'params' | 'required' | 'ramAction' | 'target' | 'resource' | 'errors'>>

function row(
  product: Product,
  operation: string,
  perSecond: number,
  handler: Handler,
  details: Details,
): Action {
  return {
    product,
    operation,
    perSecond,
    handler,
    params: [],
    required: [],
    errors: [],
    target: (params) => params.get('AccountId') ?? '',
    resource: () => '*',
    ramAction: `${product === 'ecd' ? 'ecd' : 'resourcemanager'}:${operation}`,
    ...details,
  }
}

/** An operation both directory products have; they share their RAM actions. */
function both(operation: string, perSecond: number, handler: Handler, details: Details): Action[] {
  return [
    row('ResourceManager', operation, perSecond, handler, details),
    row('ResourceDirectoryMaster', operation, perSecond, handler, details),
  ]
}

/** Every operation on office networks needs a region. `params` are those that may be left out. */
function ecd(
  operation: string,
  handler: Handler,
  required: readonly string[],
  { params = [], ...details }: Details,
): Action {
  const needed = ['RegionId', ...required]
  return row('ecd', operation, 20, handler, { ...details, params: [...needed, ...params], required: needed })
}

const byName = new Map(table.map((action) => [`${action.product}/${action.operation}`, action]))

export function productOfVersion(version: string): (typeof products)[number] | undefined {
  return products.find((product) => product.version === version)
}

export function findAction(product: Product, operation: string): Action | undefined {
  return byName.get(`${product}/${operation}`)
}

/** The actions a name stands for: one for `Product/Operation`, one per product for a bare operation. */
export function actionsNamed(name: string): readonly Action[] {
  const exact = byName.get(name)
  return exact ? [exact] : table.filter((action) => action.operation === name)
}

/** Every covered operation as `Product/Operation`. */
export function operationNames(): string[] {
  return [...byName.keys()]
}
