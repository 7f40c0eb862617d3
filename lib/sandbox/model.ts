// The things the emulated cloud is made of. Field names are ours; the handlers choose the wire names.

/** Which of the vendor's two sites an account belongs to; it decides phone rules, not a region. */
export type Site = 'international' | 'china'

export interface MainAccount {
  id: string
  site: Site
  /** The name a root user signs in with. */
  name: string
  /** The verified company name. */
  company: string
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
  type: (typeof memberTypes)[number]
  status: (typeof memberStatuses)[number]
  folderId: string
  joinMethod: (typeof joinMethods)[number]
  joinTime: string
  modifyTime: string
  identityInformation: string
  emailStatus: (typeof emailStatuses)[number]
  deletionStatus: (typeof deletionStatuses)[number]
  tags: Tag[]
  /** The bound secure phone as `<country code>-<number>`; absent when none is bound. */
  securePhone?: string
}

/** What never changes while the emulator runs, plus the members it starts with. */
export interface World {
  accounts: ReadonlyMap<string, MainAccount>
  users: readonly RamUser[]
  roles: ReadonlyMap<string, RamRole>
  keys: ReadonlyMap<string, AccessKey>
  directories: readonly Directory[]
  folders: ReadonlyMap<string, Folder>
  members: readonly Member[]
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
  /** The account the code was asked for. */
  target: string
  phone: string
  code: string
  expiresAt: number
  wrongTries: number
  void: boolean
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
