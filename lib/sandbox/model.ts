// The data model of the emulated cloud. Field names are ours; the handlers map them to the wire names.

/** The vendor's site an account belongs to. Phone rules depend on the site, not on a region. */
export type Site = 'international' | 'china'

export const accountProfiles = ['enterprise', 'individual'] as const

export interface MainAccount {
  id: string
  site: Site
  /** The name a root user signs in with. */
  name: string
  /** The company name from enterprise verification; empty if it has none. */
  company: string
  enterpriseVerified: boolean
  profile: (typeof accountProfiles)[number]
  /** The account's own secure phone as `<country code>-<number>`. */
  phone?: string
  /** The account's security email address. */
  email?: string
}

interface PolicyStatement {
  effect: 'Allow' | 'Deny'
  actions: readonly string[]
  resources: readonly string[]
}

export interface Policy {
  statements: readonly PolicyStatement[]
}

export interface RamUser {
  accountId: string
  name: string
  id: string
  policies: readonly Policy[]
}

export interface RamRole {
  accountId: string
  name: string
  id: string
  arn: string
  /** ARNs of the principals in the role's trust policy. */
  trusts: readonly string[]
  policies: readonly Policy[]
  sessionSecondsMax: number
}

export interface AccessKey {
  id: string
  secret: string
  accountId: string
  /** Absent for a key of the root user. */
  userName?: string
}

export interface Directory {
  id: string
  /** The management account. */
  accountId: string
  rootFolderId: string
  createTime: string
}

export interface Folder {
  id: string
  directoryId: string
  name: string
  /** Absent for the root folder. */
  parentId?: string
  createTime: string
}

export const memberTypes = ['ResourceAccount', 'CloudAccount'] as const
export const memberStatuses = [
  'CreateSuccess',
  'InviteSuccess',
  'PromoteVerifying',
  'PromoteFailed',
  'PromoteExpired',
  'PromoteCancelled',
  'PromoteSuccess',
] as const
export const emailStatuses = ['', 'WAIT_MODIFY', 'CANCELLED', 'EXPIRED'] as const
export const deletionStatuses = ['', 'Checking', 'Deleting', 'CheckFailed', 'DeleteFailed'] as const
export const joinMethods = ['created', 'invited'] as const

export interface Tag {
  key: string
  value: string
}

export interface Member {
  accountId: string
  directoryId: string
  displayName: string
  accountName: string
  /** One of `memberTypes`, or an undocumented value; the same goes for `status` and `joinMethod`. */
  type: string
  status: string
  folderId: string
  joinMethod: string
  joinTime: string
  modifyTime: string
  identityInformation: string
  emailStatus: (typeof emailStatuses)[number]
  deletionStatus: (typeof deletionStatuses)[number]
  tags: Tag[]
  /** The bound secure phone as `<country code>-<number>`; absent when none is bound. */
  securePhone?: string
  /** False makes GetAccount omit HasSecureMobilePhone. */
  phoneReported?: boolean
}

/** A test user. Their key is public on purpose. */
export interface Persona {
  id: string
  kind: 'admin' | 'no-directory' | 'read-only' | 'root' | 'member'
  keyId: string
  secret: string
  site: Site
  accountId: string
  accountName: string
  company: string
  /** Absent for the root user. */
  userName?: string
  /** The role this persona may assume, if any. */
  roleArn?: string
}

/** A directory that was enabled while the emulator was running. */
export interface EnabledDirectory {
  directory: Directory
  /** The management account created for it, with its administrator; absent when an existing account manages it. */
  made?: { account: MainAccount; administrator: Persona }
}

/** A company that was added while the emulator was running: its account, its RAM user and its CEN. */
export interface AddedAccount {
  account: MainAccount
  operator: Persona
  cen: Cen
}

export const networkStatuses = [
  'REGISTERING',
  'REGISTERED',
  'DEREGISTERING',
  'DEREGISTERED',
  'NEEDCONFIGTRUST',
  'CONFIGTRUSTING',
  'CONFIGTRUSTFAILED',
  'NEEDCONFIGUSER',
  'ERROR',
] as const
export const vpcTypes = ['Basic', 'Standard', 'Customized'] as const
export const officeSiteTypes = ['SIMPLE', 'AD_CONNECTOR'] as const

/** An office network of Elastic Desktop Service, which its API calls an office site. */
export interface OfficeNetwork {
  /** `<region>+dir-…` or, for newer ones, `<region>+os-…` */
  id: string
  accountId: string
  region: string
  name: string
  /**
   * The account type: convenience accounts, or the company's own directory. One of `officeSiteTypes`, or an undocumented
   * value; the same goes for `vpcType` and `status`.
   */
  officeSiteType: string
  /** The vendor's console calls `Standard` advanced. */
  vpcType: string
  status: string
  cidrBlock: string
  desktopCount: number
  /** UTC, to the minute. */
  creationTime: string
  cenId?: string
  /** `attaching`, `attached` or `detaching`; only `attached` is documented. The control API can set any text. */
  attachStatus?: string
  /** When attaching or detaching completes, in milliseconds of the emulated clock; absent if it never does. */
  attachChangesAt?: number
}

/** A route of a CEN; office networks should not overlap it. */
interface CenRoute {
  region: string
  cidrBlock: string
  nextHop: string
}

/** A Cloud Enterprise Network. */
export interface Cen {
  id: string
  ownerId: string
  name: string
  status: 'Creating' | 'Active' | 'Deleting'
  description: string
  creationTime: string
  routes: readonly CenRoute[]
}

/** What the emulator starts with. Members, accounts and networks can change; the rest stays, or is only added to. */
export interface World {
  personas: readonly Persona[]
  accounts: ReadonlyMap<string, MainAccount>
  users: readonly RamUser[]
  roles: ReadonlyMap<string, RamRole>
  keys: ReadonlyMap<string, AccessKey>
  directories: readonly Directory[]
  folders: ReadonlyMap<string, Folder>
  members: readonly Member[]
  networks: readonly OfficeNetwork[]
  cens: readonly Cen[]
}

/** A temporary credential issued by AssumeRole. */
export interface StsToken {
  keyId: string
  secret: string
  token: string
  roleArn: string
  sessionName: string
  sessionPolicy?: Policy
  expiresAt: number
}

/** One sent verification code. */
export interface SentCode {
  purpose: string
  /** What the code is for: an account, or another resource, depending on the purpose. */
  target: string
  /** The phone or mailbox it went to. */
  to: string
  code: string
  expiresAt: number
  wrongAttempts: number
  void: boolean
  /** The message that carried it. */
  messageId: string
}

/** A message to a phone or mailbox. */
export interface Message {
  id: string
  channel: 'sms' | 'email'
  to: string
  operation: string
  accountId: string
  /** The account's name when the message was sent, if known. */
  accountName?: string
  code: string
  sentAt: string
  expiresAt: string
  /** Why the code is void even if it has not expired. */
  voidBecause?: 'newer_code' | 'used'
}

/** One received call, as the control API shows it. Deliberately without parameters and secrets. */
export interface CallRecord {
  requestId: string
  time: string
  product: string
  operation: string
  callerKeyId: string
  /** RAM user name, `role/session`, or `root`; empty if the caller was not identified. */
  caller: string
  callerAccountId: string
  /** The resource the call was about, if any: an account, an office network or a CEN. */
  target: string
  /** `OK`, the returned error code, or the fault that replaced the answer. */
  outcome: string
  /** Whether the operation was carried out, whatever the answer was. */
  effect: boolean
}
