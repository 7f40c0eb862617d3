import type { AccountFacts, NewAccount } from './control-accounts.ts'
import type { CallRecord, Folder, Member, Message, OfficeNetwork, Persona } from './model.ts'
import type { ArmedFault } from './state.ts'

/** A fault to arm; README.md lists the names. */
export interface FaultOrder {
  operation: string
  fault: string
  times?: number
  match?: { accountId?: string; caller?: string }
  effect?: boolean
}

export interface SandboxClock {
  offsetSeconds: number
  now: string
}

/** A member to add or change. A new member gets defaults for omitted fields. */
export type MemberOrder = Partial<
  Pick<
    Member,
    | 'displayName'
    | 'accountName'
    | 'type'
    | 'status'
    | 'joinMethod'
    | 'joinTime'
    | 'emailStatus'
    | 'deletionStatus'
    | 'tags'
    | 'phoneReported'
  >
> & { folder?: string; phone?: string | null }

/** Changes to a main account; `null` removes a value. */
export type AccountOrder = Partial<
  Pick<AccountFacts, 'enterpriseVerified' | 'enterpriseName' | 'profile' | 'phone' | 'email'>
>

/** An office network to add or change. A new one gets defaults for omitted fields. `cenId: null` detaches it. */
type NetworkOrder = Partial<
  Pick<OfficeNetwork, 'name' | 'officeSiteType' | 'vpcType' | 'status' | 'cidrBlock' | 'desktopCount'>
> & { cenId?: string | null; attachStatus?: string | null }

/** A client of the control API of a running emulator, embedded or standalone. */
export interface SandboxControl {
  readonly url: string
  /** All test users, including those created since the start. */
  personas(): Promise<readonly Persona[]>
  messages(filter?: { to?: string; accountId?: string; operation?: string }): Promise<Message[]>
  calls(filter?: { operation?: string; target?: string; caller?: string }): Promise<CallRecord[]>
  faults(): Promise<ArmedFault[]>
  /** Every covered operation as `Product/Operation`. */
  operations(): Promise<string[]>
  arm(order: FaultOrder): Promise<ArmedFault>
  disarm(id: string): Promise<void>
  disarmAll(): Promise<void>
  clock(): Promise<SandboxClock>
  advance(seconds: number): Promise<SandboxClock>
  /** Adds the missing folders of a path such as `Retail/Online`, at most 5 levels deep. Returns the last folder. */
  addFolders(site: 'international' | 'china', path: string): Promise<Folder>
  /** Returns the account IDs in the given order. */
  addMembers(site: 'international' | 'china', members: readonly MemberOrder[]): Promise<string[]>
  member(accountId: string): Promise<Member>
  changeMember(accountId: string, change: MemberOrder): Promise<Member>
  removeMember(accountId: string): Promise<void>
  /** Adds a company with a test user and a CEN, but no directory. */
  addAccount(site: 'international' | 'china', kind?: 'no-directory' | 'read-only'): Promise<NewAccount>
  /** Reads a main account; for members, see `member`. */
  account(accountId: string): Promise<AccountFacts>
  changeAccount(accountId: string, change: AccountOrder): Promise<AccountFacts>
  /** Adds networks to a site's company or to an account. The default region depends on the site. Returns the IDs in order. */
  addNetworks(
    to: 'international' | 'china' | { accountId: string },
    networks: readonly NetworkOrder[],
    region?: string,
  ): Promise<string[]>
  network(id: string): Promise<OfficeNetwork>
  changeNetwork(id: string, change: NetworkOrder): Promise<OfficeNetwork>
  reset(): Promise<void>
}

/** An error from the control API, or no response from the emulator. */
export class SandboxControlError extends Error {
  /** The control API's code, or `Unreachable`. */
  readonly code: string
  /** HTTP status; 0 if there was no response. */
  readonly status: number

  constructor(code: string, status: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SandboxControlError'
    this.code = code
    this.status = status
  }

  // Checks the shape, because each bundle of the server has its own copy of this class.
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'SandboxControlError' && 'status' in value
  }
}

// Far longer than any answer takes. A hung emulator must not hang the console's pages.
const answerMsMax = 20_000

/** Creates a client for the emulator at `url`, e.g. `http://127.0.0.1:4010`. Sends nothing yet. */
export function connectSandbox(url: string): SandboxControl {
  async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(new URL(`/_sandbox/${path}`, url), {
      method,
      cache: 'no-store',
      signal: AbortSignal.timeout(answerMsMax),
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    }).catch((cause: unknown) => {
      throw new SandboxControlError('Unreachable', 0, `The sandbox at ${url} does not answer.`, { cause })
    })
    const reply = (await response.json()) as { error?: { code: string; message: string } }
    if (reply.error) throw new SandboxControlError(reply.error.code, response.status, reply.error.message)
    return reply as T
  }
  const query = (filter: Record<string, string | undefined>) =>
    new URLSearchParams(Object.entries(filter).flatMap(([name, value]) => (value ? [[name, value]] : [])))

  return {
    url,
    personas: async () => (await ask<{ personas: Persona[] }>('GET', 'personas')).personas,
    messages: async (filter = {}) =>
      (await ask<{ messages: Message[] }>('GET', `messages?${query(filter)}`)).messages,
    calls: async (filter = {}) => (await ask<{ calls: CallRecord[] }>('GET', `calls?${query(filter)}`)).calls,
    faults: async () => (await ask<{ faults: ArmedFault[] }>('GET', 'faults')).faults,
    operations: async () => (await ask<{ operations: string[] }>('GET', '')).operations,
    arm: async (order) => (await ask<{ fault: ArmedFault }>('POST', 'faults', order)).fault,
    disarm: async (id) => void (await ask('DELETE', `faults/${encodeURIComponent(id)}`)),
    disarmAll: async () => void (await ask('DELETE', 'faults')),
    clock: () => ask('GET', 'clock'),
    advance: (seconds) => ask('POST', 'clock', { advanceSeconds: seconds }),
    addFolders: async (site, path) =>
      (await ask<{ folder: Folder }>('POST', 'folders', { site, path })).folder,
    addMembers: async (site, members) =>
      (await ask<{ accountIds: string[] }>('POST', 'members', { site, members })).accountIds,
    member: async (id) => (await ask<{ member: Member }>('GET', `members/${encodeURIComponent(id)}`)).member,
    changeMember: async (id, change) =>
      (await ask<{ member: Member }>('PATCH', `members/${encodeURIComponent(id)}`, change)).member,
    removeMember: async (id) => void (await ask('DELETE', `members/${encodeURIComponent(id)}`)),
    addAccount: (site, kind) => ask('POST', 'accounts', { site, kind }),
    account: async (id) =>
      (await ask<{ account: AccountFacts }>('GET', `accounts/${encodeURIComponent(id)}`)).account,
    changeAccount: async (id, change) =>
      (await ask<{ account: AccountFacts }>('PATCH', `accounts/${encodeURIComponent(id)}`, change)).account,
    addNetworks: async (to, networks, region) =>
      (
        await ask<{ networkIds: string[] }>('POST', 'networks', {
          ...(typeof to === 'string' ? { site: to } : to),
          region,
          networks,
        })
      ).networkIds,
    network: async (id) =>
      (await ask<{ network: OfficeNetwork }>('GET', `networks/${encodeURIComponent(id)}`)).network,
    changeNetwork: async (id, change) =>
      (await ask<{ network: OfficeNetwork }>('PATCH', `networks/${encodeURIComponent(id)}`, change)).network,
    reset: async () => void (await ask('POST', 'reset', {})),
  }
}
