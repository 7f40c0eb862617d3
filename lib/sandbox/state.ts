import { randomUUID } from 'node:crypto'
import type {
  AddedAccount,
  CallRecord,
  Directory,
  EnabledDirectory,
  Folder,
  MainAccount,
  Member,
  Message,
  OfficeNetwork,
  SentCode,
  StsToken,
  World,
} from './model.ts'
import { Networks } from './networks.ts'
import { withAccount, withDirectory } from './seed/identities.ts'

/** Rules the vendor does not document. Each value is our choice and can be changed. */
export interface Assumptions {
  /** How long a code is valid. */
  codeLifeSeconds: number
  /** After this many wrong attempts the right code is refused. */
  wrongAttemptsMax: number
  /**
   * Codes per member, or per account that enables a directory, in any 24 hours. The number is documented, the rolling
   * window is not.
   */
  codesPerDayMax: number
  /** Whether a new code voids the older ones for the same purpose and target. */
  newCodeVoidsOlder: boolean
  /** Whether a dry run of enabling a directory uses the right code up. */
  dryRunUsesCode: boolean
  /** Whether checking a CEN uses the right code up. */
  verifyCenUsesCode: boolean
  /** Whether a send for a CEN that does not belong to the named owner is accepted, without a message, or refused. */
  sendToUnknownCen: 'accepted' | 'refused'
  attachSeconds: number
  detachSeconds: number
}

export const defaultAssumptions: Assumptions = {
  codeLifeSeconds: 900,
  wrongAttemptsMax: 10,
  codesPerDayMax: 100,
  newCodeVoidsOlder: true,
  dryRunUsesCode: false,
  verifyCenUsesCode: false,
  sendToUnknownCen: 'accepted',
  attachSeconds: 8,
  detachSeconds: 3,
}

/** An armed fault. */
export interface ArmedFault {
  id: string
  /** `Product/Operation`, or a bare operation name that covers every product with that operation. */
  operation: string
  fault: string
  timesLeft: number
  match: { accountId?: string; caller?: string }
  /** Whether the operation is carried out before the answer is replaced. */
  effect: boolean
}

/** What survives a restart. Holds only differences from the seed, so that 10,000 seeded members cost nothing. */
export interface SavedState {
  format: 1
  clockOffsetMs: number
  members: Member[]
  removedMembers: string[]
  codes: SentCode[]
  sends: [key: string, times: number[]][]
  messages: Message[]
  calls: CallRecord[]
  tokens: StsToken[]
  faults: ArmedFault[]
  // Absent from files of older versions.
  addedAccounts?: AddedAccount[]
  accounts?: MainAccount[]
  enabledDirectories?: EnabledDirectory[]
  folders?: Folder[]
  networks?: OfficeNetwork[]
}

const messagesKept = 500
const callsKept = 1000
const tokensKept = 2000
const dayMs = 86_400_000

function byJoining(a: Member, b: Member): number {
  if (a.joinTime !== b.joinTime) return a.joinTime < b.joinTime ? -1 : 1
  return a.accountId < b.accountId ? -1 : 1
}

function membersById(world: World): Map<string, Member> {
  return new Map(world.members.map((member) => [member.accountId, member]))
}

/** The state of the emulated cloud. Handlers change it; `onChange` triggers saving. */
export class SandboxState {
  clockOffsetMs = 0
  messages: Message[] = []
  calls: CallRecord[] = []
  faults: ArmedFault[] = []
  onChange: () => void = () => {}
  readonly networks = new Networks(
    () => this.now(),
    () => this.onChange(),
  )
  readonly #seed: () => World
  #world: World
  #members: Map<string, Member>
  #memberLists = new Map<string, readonly Member[]>()
  #addedAccounts: AddedAccount[] = []
  #changedAccounts = new Map<string, MainAccount>()
  #enabledDirectories: EnabledDirectory[] = []
  #addedFolders: Folder[] = []
  #changedMembers = new Set<string>()
  #removedMembers = new Set<string>()
  #codes: SentCode[] = []
  #sends = new Map<string, number[]>()
  #tokens = new Map<string, StsToken>()

  constructor(seed: () => World) {
    this.#seed = seed
    this.#world = seed()
    this.#members = membersById(this.#world)
    this.networks.seed(this.#world)
  }

  /** Restores the seed and the clock. */
  reset(): void {
    this.#world = this.#seed()
    this.#members = membersById(this.#world)
    this.networks.seed(this.#world)
    this.clockOffsetMs = 0
    this.messages = []
    this.calls = []
    this.faults = []
    this.#memberLists.clear()
    this.#addedAccounts = []
    this.#changedAccounts.clear()
    this.#enabledDirectories = []
    this.#addedFolders = []
    this.#changedMembers.clear()
    this.#removedMembers.clear()
    this.#codes = []
    this.#sends.clear()
    this.#tokens.clear()
    this.onChange()
  }

  get world(): Omit<World, 'members' | 'accounts'> {
    return this.#world
  }

  /** The emulated time in milliseconds: real time plus the offset set through the control API. */
  now(): number {
    return Date.now() + this.clockOffsetMs
  }

  account(accountId: string): MainAccount | undefined {
    return this.#changedAccounts.get(accountId) ?? this.#world.accounts.get(accountId)
  }

  addAccount(added: AddedAccount): void {
    this.#addedAccounts.push(added)
    this.#world = withAccount(this.#world, added)
    this.networks.addCen(added.cen)
    this.onChange()
  }

  /** Replaces the account with the same id. */
  putAccount(account: MainAccount): void {
    this.#changedAccounts.set(account.id, account)
    this.onChange()
  }

  /** Account names are unique regardless of case. */
  accountNameTaken(name: string): boolean {
    const wanted = name.toLowerCase()
    return [...this.#world.accounts.values()].some((account) => account.name.toLowerCase() === wanted)
  }

  enableDirectory(enabled: EnabledDirectory): void {
    this.#enabledDirectories.push(enabled)
    this.#world = withDirectory(this.#world, enabled)
    this.onChange()
  }

  /** The directory an account manages. */
  directoryManagedBy(accountId: string): Directory | undefined {
    return this.#world.directories.find((directory) => directory.accountId === accountId)
  }

  /** The directory an account manages or is a member of. */
  directoryAround(accountId: string): Directory | undefined {
    const directoryId = this.#members.get(accountId)?.directoryId
    return this.#world.directories.find(
      (directory) => directory.accountId === accountId || directory.id === directoryId,
    )
  }

  folder(directory: Directory, folderId: string): Folder | undefined {
    const folder = this.#world.folders.get(folderId)
    return folder?.directoryId === directory.id ? folder : undefined
  }

  folders(directory: Directory): Folder[] {
    return [...this.#world.folders.values()].filter((folder) => folder.directoryId === directory.id)
  }

  addFolder(folder: Folder): void {
    this.#addedFolders.push(folder)
    this.#world = { ...this.#world, folders: new Map([...this.#world.folders, [folder.id, folder]]) }
    this.onChange()
  }

  /** The folders from the root to the given one, inclusive. */
  folderPath(folderId: string): Folder[] {
    const path: Folder[] = []
    for (let folder = this.#world.folders.get(folderId); folder; ) {
      path.unshift(folder)
      folder = folder.parentId === undefined ? undefined : this.#world.folders.get(folder.parentId)
    }
    return path
  }

  member(accountId: string): Member | undefined {
    return this.#members.get(accountId)
  }

  /** Members in the order they joined. */
  members(directory: Directory): readonly Member[] {
    const known = this.#memberLists.get(directory.id)
    if (known) return known
    const list = [...this.#members.values()]
      .filter((member) => member.directoryId === directory.id)
      .sort(byJoining)
    this.#memberLists.set(directory.id, list)
    return list
  }

  /** Adds a member or replaces the one with the same id. */
  putMember(member: Member): void {
    this.#members.set(member.accountId, member)
    this.#changedMembers.add(member.accountId)
    this.#removedMembers.delete(member.accountId)
    this.#memberLists.delete(member.directoryId)
    this.onChange()
  }

  removeMember(accountId: string): boolean {
    const member = this.#members.get(accountId)
    if (!member) return false
    this.#members.delete(accountId)
    this.#changedMembers.delete(accountId)
    this.#removedMembers.add(accountId)
    this.#memberLists.delete(member.directoryId)
    this.onChange()
    return true
  }

  token(keyId: string): StsToken | undefined {
    return this.#tokens.get(keyId)
  }

  tokenExists(token: string): boolean {
    return [...this.#tokens.values()].some((known) => known.token === token)
  }

  /** Expired tokens are kept for a while, so that using one returns "expired" instead of "not found". */
  addToken(token: StsToken): void {
    this.#tokens.set(token.keyId, token)
    for (const keyId of this.#tokens.keys()) {
      if (this.#tokens.size <= tokensKept) break
      this.#tokens.delete(keyId)
    }
    this.onChange()
  }

  /** The number of codes sent under this key in the last 24 hours. */
  codesInLastDay(key: string): number {
    const since = this.now() - dayMs
    const recent = (this.#sends.get(key) ?? []).filter((time) => time > since)
    this.#sends.set(key, recent)
    return recent.length
  }

  countSend(key: string): void {
    this.#sends.set(key, [...(this.#sends.get(key) ?? []), this.now()])
    this.onChange()
  }

  /** The valid codes for a purpose and target, newest first. */
  openCodes(purpose: string, target: string): SentCode[] {
    const now = this.now()
    return this.#codes.filter(
      (sent) => sent.purpose === purpose && sent.target === target && !sent.void && sent.expiresAt > now,
    )
  }

  addCode(sent: SentCode): void {
    const now = this.now()
    this.#codes = [sent, ...this.#codes.filter((known) => !known.void && known.expiresAt > now)]
    this.onChange()
  }

  /** Voids a code before it expires, and marks its message. */
  voidCode(sent: SentCode, reason: Message['voidBecause']): void {
    sent.void = true
    this.messages = this.messages.map((message) =>
      message.id === sent.messageId ? { ...message, voidBecause: reason } : message,
    )
    this.onChange()
  }

  /** Returns the id of the message. */
  addMessage(message: Omit<Message, 'id'>): string {
    const id = randomUUID()
    this.messages = [{ id, ...message }, ...this.messages].slice(0, messagesKept)
    this.onChange()
    return id
  }

  addCall(call: CallRecord): void {
    this.calls.push(call)
    if (this.calls.length > callsKept * 2) this.calls = this.calls.slice(-callsKept)
    this.onChange()
  }

  save(): SavedState {
    return {
      format: 1,
      clockOffsetMs: this.clockOffsetMs,
      members: [...this.#changedMembers].flatMap((id) => this.#members.get(id) ?? []),
      removedMembers: [...this.#removedMembers],
      codes: this.#codes,
      sends: [...this.#sends],
      messages: this.messages,
      calls: this.calls.slice(-callsKept),
      tokens: [...this.#tokens.values()],
      faults: this.faults,
      addedAccounts: this.#addedAccounts,
      accounts: [...this.#changedAccounts.values()],
      enabledDirectories: this.#enabledDirectories,
      folders: this.#addedFolders,
      networks: this.networks.save(),
    }
  }

  restore(saved: SavedState): void {
    this.clockOffsetMs = saved.clockOffsetMs
    this.messages = saved.messages
    this.calls = saved.calls
    this.faults = saved.faults
    this.#codes = saved.codes
    this.#sends = new Map(saved.sends)
    this.#tokens = new Map(saved.tokens.map((token) => [token.keyId, token]))
    for (const added of saved.addedAccounts ?? []) this.addAccount(added)
    for (const account of saved.accounts ?? []) this.putAccount(account)
    for (const enabled of saved.enabledDirectories ?? []) this.enableDirectory(enabled)
    for (const folder of saved.folders ?? []) this.addFolder(folder)
    for (const network of saved.networks ?? []) this.networks.put(network)
    for (const accountId of saved.removedMembers) this.removeMember(accountId)
    for (const member of saved.members) this.putMember(member)
  }
}
