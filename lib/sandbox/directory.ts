import { both, noDirectory, paging, row } from './action-rows.ts'
import type { Action, Call } from './call.ts'
import type { Directory, Folder, Member } from './model.ts'
import { invalid, refusal } from './wire-errors.ts'

// The same handlers serve ResourceManager 2020-03-31 and ResourceDirectoryMaster 2022-04-19; isMaster() marks the differences.
// Operations: https://help.aliyun.com/zh/resource-management/developer-reference/api-resourcedirectorymaster-2022-04-19-overview
// Parameters, fields and error codes, in mirrors of the vendor's API metadata of June 2024:
// https://github.com/dew-serverless/acs-sdk-php/blob/2da261e4/data/resourcemanager/2020-03-31/api-docs.json
// https://github.com/dew-serverless/acs-sdk-php/blob/2da261e4/data/resourcedirectorymaster/2022-04-19/api-docs.json
// Anything newer than these has its own link below.

function isMaster(call: Call): boolean {
  return call.product === 'ResourceDirectoryMaster'
}

/**
 * Only the management account may read members and folders. The vendor's ListAccounts also admits delegated administrator
 * accounts, which the emulator does not have.
 */
function managedDirectory({ state, caller }: Call): Directory {
  const directory = state.directoryManagedBy(caller.accountId)
  if (!directory) throw refusal('EntityNotExists.ResourceDirectory')
  return directory
}

/** For the management account and members; other accounts get ResourceDirectoryNotInUse. */
function getResourceDirectory(call: Call): Record<string, unknown> {
  const directory = call.state.directoryAround(call.caller.accountId)
  const master = directory && call.state.account(directory.accountId)
  if (!directory || !master) throw refusal('ResourceDirectoryNotInUse')
  return {
    ResourceDirectory: {
      ResourceDirectoryId: directory.id,
      RootFolderId: directory.rootFolderId,
      MasterAccountId: master.id,
      MasterAccountName: master.name,
      CreateTime: directory.createTime,
      ControlPolicyStatus: 'Enabled',
      MemberDeletionStatus: 'Enabled',
      IdentityInformation: master.company,
      // https://github.com/aliyun/terraform-provider-alicloud
      ...(isMaster(call) && { MemberAccountDisplayNameSyncStatus: 'Disabled' }),
    },
  }
}

function listAccounts(call: Call): Record<string, unknown> {
  const directory = managedDirectory(call)
  let members = filterByTags(call, call.state.members(directory))
  if (isMaster(call)) members = filterByName(call, members)
  const byToken =
    isMaster(call) && (call.params.get('MaxResults') ?? call.params.get('NextToken')) !== undefined
  const page = byToken ? takeByToken(call, members) : takePage(call, members)
  return {
    ...page.fields,
    Accounts: { Account: page.items.map((member) => listedMember(call, member, true)) },
  }
}

function listAccountsForParent(call: Call): Record<string, unknown> {
  const directory = managedDirectory(call)
  const parent = parentFolder(call, directory)
  const children = call.state.members(directory).filter((member) => member.folderId === parent.id)
  const page = takePage(call, filterByName(call, filterByTags(call, children)))
  return {
    ...page.fields,
    Accounts: { Account: page.items.map((member) => listedMember(call, member, false)) },
  }
}

function getAccount(call: Call): Record<string, unknown> {
  const accountId = call.params.get('AccountId')
  if (accountId === undefined) throw refusal('MissingParameter.AccountId')
  if (!/^\d{16}$/.test(accountId)) throw refusal('InvalidParameter.AccountId')
  const directory = managedDirectory(call)
  const member = call.state.member(accountId)
  if (member?.directoryId !== directory.id) throw refusal('EntityNotExists.Account')
  const folders = call.state.folderPath(member.folderId)
  return {
    Account: {
      ...commonFields(member),
      AccountName: member.accountName,
      IdentityInformation: member.identityInformation,
      ResourceDirectoryPath: memberPath(call, member),
      Location: folders.map((folder) => folder.name).join('/'),
      EmailStatus: member.emailStatus,
      ...(isMaster(call) &&
        member.phoneReported !== false && { HasSecureMobilePhone: member.securePhone !== undefined }),
      // Here Tags is a plain array, unlike in the list operations.
      ...(call.params.boolean('IncludeTags') && { Tags: wireTags(member) }),
    },
  }
}

/** The management account pays for members created in the directory; invited ones pay for themselves. */
function getPayerForAccount(call: Call): Record<string, unknown> {
  const directory = managedDirectory(call)
  const member = call.state.member(call.params.get('AccountId') ?? '')
  if (member?.directoryId !== directory.id) throw refusal('EntityNotExists.Account')
  if (member.joinMethod !== 'created') return {}
  return {
    PayerAccountId: directory.accountId,
    PayerAccountName: call.state.account(directory.accountId)?.name,
  }
}

function listFoldersForParent(call: Call): Record<string, unknown> {
  const directory = managedDirectory(call)
  const parent = parentFolder(call, directory)
  const keyword = call.params.get('QueryKeyword')?.toLowerCase() ?? ''
  const children = call.state
    .folders(directory)
    .filter((folder) => folder.parentId === parent.id && folder.name.toLowerCase().includes(keyword))
  const page = takePage(call, children)
  return { ...page.fields, Folders: { Folder: page.items.map(listedFolder) } }
}

function getFolder(call: Call): Record<string, unknown> {
  const folderId = call.params.get('FolderId')
  if (folderId === undefined) throw refusal('MissingParameter.FolderId')
  if (!isFolderId(folderId)) throw refusal('InvalidParameter.FolderId')
  const folder = call.state.folder(managedDirectory(call), folderId)
  if (!folder) throw refusal('EntityNotExists.Folder')
  return {
    Folder: {
      ...listedFolder(folder),
      ...(folder.parentId !== undefined && { ParentFolderId: folder.parentId }),
      ResourceDirectoryPath: folderPath(call, folder),
    },
  }
}

function listAncestors(call: Call): Record<string, unknown> {
  const childId = call.params.get('ChildId')
  if (childId === undefined) throw refusal('MissingParameter.ChildId')
  if (!isFolderId(childId)) throw refusal('InvalidParameter.ChildId')
  const child = call.state.folder(managedDirectory(call), childId)
  if (!child) throw refusal('EntityNotExists.Folder')
  return { Folders: { Folder: call.state.folderPath(child.id).slice(0, -1).map(listedFolder) } }
}

function isFolderId(text: string): boolean {
  return /^(r-[A-Za-z0-9]{4,10}|fd-[A-Za-z0-9]{10})$/.test(text)
}

function parentFolder(call: Call, directory: Directory): Folder {
  const folderId = call.params.get('ParentFolderId') ?? directory.rootFolderId
  if (!isFolderId(folderId)) throw refusal('InvalidParameter.ParentFolderId')
  const folder = call.state.folder(directory, folderId)
  if (!folder) throw refusal('EntityNotExists.Folder')
  return folder
}

function filterByTags({ params }: Call, members: readonly Member[]): readonly Member[] {
  const wanted = params.tags()
  if (wanted.length === 0) return members
  return members.filter((member) =>
    wanted.every(({ key, value }) =>
      member.tags.some((tag) => tag.key === key && (value === undefined || tag.value === value)),
    ),
  )
}

function filterByName({ params }: Call, members: readonly Member[]): readonly Member[] {
  const keyword = params.get('QueryKeyword')?.toLowerCase()
  if (keyword === undefined) return members
  return members.filter((member) => member.displayName.toLowerCase().includes(keyword))
}

interface Page<T> {
  items: readonly T[]
  fields: Record<string, unknown>
}

function takePage<T>({ params }: Call, items: readonly T[]): Page<T> {
  const number = params.integer('PageNumber', 1, 1, 1_000_000)
  const size = params.integer('PageSize', 10, 1, 100)
  return {
    items: items.slice((number - 1) * size, number * size),
    fields: { TotalCount: items.length, PageNumber: number, PageSize: size },
  }
}

/**
 * MaxResults and NextToken are parameters of the newer SDK: https://github.com/aliyun/alibabacloud-sdk. The token encodes
 * the last member returned, so that no page skips members when an earlier one leaves.
 */
function takeByToken({ params }: Call, members: readonly Member[]): Page<Member> {
  const size = params.integer('MaxResults', 10, 1, 100)
  const token = params.get('NextToken')
  const [joinTime = '', accountId = ''] =
    token === undefined ? [] : Buffer.from(token, 'base64url').toString().split(' ')
  if (token !== undefined && !/^\d{16}$/.test(accountId)) throw invalid('NextToken')
  const rest = members.filter(
    (member) => member.joinTime > joinTime || (member.joinTime === joinTime && member.accountId > accountId),
  )
  const items = rest.slice(0, size)
  const last = rest.length > size ? items.at(-1) : undefined
  const next = last ? Buffer.from(`${last.joinTime} ${last.accountId}`).toString('base64url') : ''
  return { items, fields: { TotalCount: members.length, NextToken: next } }
}

function wireTags(member: Member): Record<string, string>[] {
  return member.tags.map((tag) => ({ Key: tag.key, Value: tag.value }))
}

function commonFields(member: Member): Record<string, unknown> {
  return {
    ResourceDirectoryId: member.directoryId,
    AccountId: member.accountId,
    DisplayName: member.displayName,
    FolderId: member.folderId,
    JoinMethod: member.joinMethod,
    JoinTime: member.joinTime,
    ModifyTime: member.modifyTime,
    Type: member.type,
    Status: member.status,
  }
}

function listedMember(call: Call, member: Member, withPath: boolean): Record<string, unknown> {
  return {
    ...commonFields(member),
    ...(isMaster(call) && { AccountName: member.accountName, DeletionStatus: member.deletionStatus }),
    ...(withPath && { ResourceDirectoryPath: memberPath(call, member) }),
    ...(call.params.boolean('IncludeTags') && { Tags: { Tag: wireTags(member) } }),
  }
}

function listedFolder(folder: Folder): Record<string, unknown> {
  return { FolderId: folder.id, FolderName: folder.name, CreateTime: folder.createTime }
}

function folderPath({ state }: Call, folder: Folder): string {
  return [folder.directoryId, ...state.folderPath(folder.id).map((part) => part.id)].join('/')
}

function memberPath({ state }: Call, member: Member): string {
  const folders = state.folderPath(member.folderId).map((folder) => folder.id)
  return [member.directoryId, ...folders, member.accountId].join('/')
}

export const directoryActions: readonly Action[] = [
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
  ...both('GetPayerForAccount', 50, getPayerForAccount, {
    params: ['AccountId'],
    required: ['AccountId'],
    errors: [noDirectory, 'EntityNotExists.Account'],
  }),
]
