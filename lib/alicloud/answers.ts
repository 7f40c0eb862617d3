import * as z from 'zod/mini'
import { date, dateOrNull, id, lenientDate, lenientText, rowsOf, textOrNull, total } from './fields'

/** The identity the credentials belong to. */
export interface Identity {
  /** `other`: an undocumented identity type. */
  type: 'root' | 'ram_user' | 'role' | 'other'
  accountId: string
  principalId: string
  userId: string | null
  roleId: string | null
  arn: string
  /** The RAM user's name, or `role/session`; for a root user, the account id. */
  name: string
}

export interface Credentials {
  accessKeyId: string
  accessKeySecret: string
  securityToken?: string
}

/** The resource directory that the caller's account manages or belongs to; `managementAccountId` shows which. */
export interface Directory {
  directoryId: string
  rootFolderId: string
  managementAccountId: string
  managementAccountName: string
  /** The company name verified by Alibaba Cloud. */
  company: string | null
  createdAt: Date | null
}

export interface CloudMember {
  id: string
  displayName: string
  accountName: string | null
  /** `resource`, `cloud`, or the vendor's value if it is neither (new ones may appear). Empty if missing. */
  type: string
  /** The vendor's value, such as `CreateSuccess`; new ones may appear. Empty if missing. */
  status: string
  /** The vendor's value for a deletion that is in progress or failed; null = none. */
  deletion: string | null
  folderId: string
  /** Ids from the directory down: `rd-…/r-…/fd-…/<account>`. */
  path: string | null
  joinMethod: string | null
  joinedAt: Date | null
  modifiedAt: Date | null
  tags: Array<{ key: string; value: string }>
}

/** From GetAccount, whose response has no deletion status. */
export interface CloudMemberDetails extends Omit<CloudMember, 'deletion'> {
  /** null = not reported by Alibaba Cloud. The number itself is not read. */
  hasSecurePhone: boolean | null
  /** Names of its parent folders, from the root down. */
  location: string | null
}

export interface CloudFolder {
  id: string
  name: string
}

const identityTypes = new Map<string, Identity['type']>([
  ['Account', 'root'],
  ['RAMUser', 'ram_user'],
  ['AssumedRoleUser', 'role'],
])

// https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-getcalleridentity
export const CallerIdentity = z.pipe(
  z.object({
    IdentityType: id,
    AccountId: id,
    PrincipalId: id,
    UserId: textOrNull,
    RoleId: textOrNull,
    Arn: id,
  }),
  z.transform((body): Identity => {
    const type = identityTypes.get(body.IdentityType) ?? 'other'
    // `acs:ram::<account>:user/<name>` or `…:assumed-role/<role>/<session>`; a role may also appear as `…:role/…`.
    const named = /:(?:user|assumed-role|role)\/(.+)$/.exec(body.Arn)?.[1]
    return {
      type,
      accountId: body.AccountId,
      principalId: body.PrincipalId,
      userId: body.UserId,
      roleId: body.RoleId,
      arn: body.Arn,
      name: type === 'root' ? body.AccountId : (named ?? body.PrincipalId),
    }
  }),
)

// https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
export const AssumedRole = z.pipe(
  z.object({
    Credentials: z.object({ AccessKeyId: id, AccessKeySecret: id, SecurityToken: id, Expiration: date }),
    AssumedRoleUser: z.object({ Arn: id }),
  }),
  z.transform((body) => ({
    credentials: {
      accessKeyId: body.Credentials.AccessKeyId,
      accessKeySecret: body.Credentials.AccessKeySecret,
      securityToken: body.Credentials.SecurityToken,
    },
    endsAt: body.Credentials.Expiration,
    arn: body.AssumedRoleUser.Arn,
  })),
)

const ResourceDirectory = z.pipe(
  z.object({
    ResourceDirectoryId: id,
    RootFolderId: id,
    MasterAccountId: id,
    MasterAccountName: textOrNull,
    IdentityInformation: textOrNull,
    CreateTime: dateOrNull,
  }),
  z.transform(
    (found): Directory => ({
      directoryId: found.ResourceDirectoryId,
      rootFolderId: found.RootFolderId,
      managementAccountId: found.MasterAccountId,
      managementAccountName: found.MasterAccountName ?? found.MasterAccountId,
      company: found.IdentityInformation,
      createdAt: found.CreateTime,
    }),
  ),
)

export const DirectoryAnswer = z.pipe(
  z.object({ ResourceDirectory }),
  z.transform((body) => body.ResourceDirectory),
)

export const EnabledDirectory = z.pipe(
  z.object({ RequestId: id, ResourceDirectory }),
  z.transform((body) => ({ requestId: body.RequestId, directory: body.ResourceDirectory })),
)

const Tag = z.pipe(
  z.object({ Key: z.string(), Value: z.optional(z.nullable(z.string())) }),
  z.transform((tag) => ({ key: tag.Key, value: tag.Value ?? '' })),
)
/** ListAccounts wraps the list in `Tags.Tag`; GetAccount does not. */
const Tags = z.pipe(
  z.optional(z.nullable(z.union([z.array(Tag), z.object({ Tag: z.optional(z.array(Tag)) })]))),
  z.transform((tags) => (Array.isArray(tags) ? tags : (tags?.Tag ?? []))),
)

const memberTypes = new Map([
  ['ResourceAccount', 'resource'],
  ['CloudAccount', 'cloud'],
])

// Only the id is strict: one member with unexpected fields must not make the whole directory unreadable.
const accountFields = {
  AccountId: id,
  DisplayName: lenientText,
  AccountName: lenientText,
  Type: lenientText,
  Status: lenientText,
  FolderId: lenientText,
  ResourceDirectoryPath: lenientText,
  JoinMethod: lenientText,
  JoinTime: lenientDate,
  ModifyTime: lenientDate,
  Tags: z.catch(Tags, []),
}
const Account = z.object(accountFields)
const ListedAccount = z.object({ ...accountFields, DeletionStatus: lenientText })

function toMember(account: z.infer<typeof Account>): Omit<CloudMember, 'deletion'> {
  return {
    id: account.AccountId,
    displayName: account.DisplayName ?? account.AccountName ?? account.AccountId,
    accountName: account.AccountName,
    type: memberTypes.get(account.Type ?? '') ?? account.Type ?? '',
    status: account.Status ?? '',
    folderId: account.FolderId ?? '',
    path: account.ResourceDirectoryPath,
    joinMethod: account.JoinMethod,
    joinedAt: account.JoinTime,
    modifiedAt: account.ModifyTime,
    tags: account.Tags,
  }
}

export const MemberPage = z.pipe(
  z.object({ TotalCount: total, Accounts: z.object({ Account: rowsOf(ListedAccount) }) }),
  z.transform(({ TotalCount, Accounts: { Account: list } }) => ({
    total: TotalCount,
    received: list.received,
    members: list.rows.map((row): CloudMember => ({ ...toMember(row), deletion: row.DeletionStatus })),
  })),
)

export const MemberDetails = z.pipe(
  // The response may contain `SecureMobilePhone`. It is left out: no phone number may be kept in clear text.
  z.object({
    Account: z.object({
      ...accountFields,
      HasSecureMobilePhone: z.optional(z.nullable(z.boolean())),
      Location: lenientText,
    }),
  }),
  z.transform(
    ({ Account: account }): CloudMemberDetails => ({
      ...toMember(account),
      hasSecurePhone: account.HasSecureMobilePhone ?? null,
      location: account.Location,
    }),
  ),
)

/** Not documented: whether a member that pays for itself comes with its own id or with none. */
export interface Payer {
  accountId: string | null
  name: string | null
}

// https://www.alibabacloud.com/help/en/resource-management/developer-reference/api-resourcedirectorymaster-2022-04-19-getpayerforaccount
export const PayerAnswer = z.pipe(
  z.object({ PayerAccountId: textOrNull, PayerAccountName: lenientText }),
  z.transform((body): Payer => ({ accountId: body.PayerAccountId, name: body.PayerAccountName })),
)

const Folder = z.pipe(
  z.object({ FolderId: id, FolderName: lenientText }),
  z.transform((folder): CloudFolder => ({ id: folder.FolderId, name: folder.FolderName ?? folder.FolderId })),
)
export const FolderPage = z.pipe(
  z.object({ TotalCount: total, Folders: z.object({ Folder: rowsOf(Folder) }) }),
  z.transform(({ TotalCount, Folders: { Folder: list } }) => ({
    total: TotalCount,
    received: list.received,
    folders: list.rows,
  })),
)

// https://help.aliyun.com/document_detail/372556.html: the only operation that returns the expiry of its code.
export const SentCode = z.pipe(
  z.object({ RequestId: id, ExpirationDate: dateOrNull }),
  z.transform((body) => ({ requestId: body.RequestId, expiresAt: body.ExpirationDate })),
)

export const Accepted = z.pipe(
  z.object({ RequestId: id }),
  z.transform((body) => ({ requestId: body.RequestId })),
)
