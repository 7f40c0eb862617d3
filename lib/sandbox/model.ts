// The things the emulated cloud is made of. Field names are ours; the handlers choose the wire names.

/** Which of the vendor's two sites an account belongs to; it decides phone rules, not a region. */
export type Site = 'international' | 'china'

export const accountProfiles = ['enterprise', 'individual'] as const

export interface MainAccount {
  id: string
  site: Site
  /** The name a root user signs in with. */
  name: string
  /** The name from the enterprise verification; empty when that lacks one. */
  company: string
  enterpriseVerified: boolean
  profile: (typeof accountProfiles)[number]
  /** The account's own secure phone as `<country code>-<number>`. */
  phone?: string
  /** Its own mailbox for security mails. */
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
  /** ARNs of the principals the role's trust policy names. */
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
  /** One of `memberTypes`, or a word that is documented nowhere; so are `status` and `joinMethod`. */
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
  /** false = GetAccount leaves out whether there is one. */
  phoneReported?: boolean
}

/** Somebody who can sign in with a key that is public on purpose. */
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

/** A directory that was enabled while the emulator ran. */
export interface EnabledDirectory {
  directory: Directory
  /** The management account that was made for it, and who administers that; absent when an old account manages it. */
  made?: { account: MainAccount; administrator: Persona }
}

/** A company that came while the emulator ran: its account, who works there, and a CEN of its own. */
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
  /** One of `officeSiteTypes`, or a word that is documented nowhere; so are `vpcType` and `status`. Whose accounts sign in: convenience accounts, or a directory of the company's own. */
  officeSiteType: string
  /** `Standard` is what the vendor's console calls advanced. */
  vpcType: string
  status: string
  cidrBlock: string
  desktopCount: number
  /** UTC, to the minute. */
  creationTime: string
  cenId?: string
  /** `attaching`, `attached` or `detaching`, of which only `attached` is documented; any text through the control API. */
  attachStatus?: string
  /** When attaching or detaching ends, in milliseconds of the emulated clock; absent when nothing ends it. */
  attachChangesAt?: number
}

/** A route of a CEN, which an office network should not overlap. */
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

/** What the emulator starts with: everything but members and accounts stays as it is, or is added to. */
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
  /** What the code was asked for: an account, or something else that the purpose knows. */
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

/** What the holder of a phone or mailbox would have received. */
export interface Message {
  id: string
  channel: 'sms' | 'email'
  to: string
  operation: string
  accountId: string
  /** What the account was called then; absent where the account is not ours to name. */
  accountName?: string
  code: string
  sentAt: string
  expiresAt: string
  /** Why the code is void although its time may not be over. */
  voidBecause?: 'newer_code' | 'used'
}

/** One received call, as the control API shows it; parameters and secrets are left out on purpose. */
export interface CallRecord {
  requestId: string
  time: string
  product: string
  operation: string
  callerKeyId: string
  /** RAM user name, `role/session`, or `root`; empty when the caller was not identified. */
  caller: string
  callerAccountId: string
  /** The member the call was about, if any. */
  target: string
  /** `OK`, the error code answered, or the fault that replaced the answer. */
  outcome: string
  /** Whether the operation itself was carried out, whatever was answered. */
  effect: boolean
}
