import type { CallRecord, Member, Message } from './model.ts'
import { type Persona, personas } from './personas.ts'
import type { ArmedFault } from './state.ts'

/** A fault to arm; see README.md for the names. */
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

/** A member to add; what is left out gets an ordinary value. */
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
  >
> & { folder?: string; phone?: string | null }

/** The control API of a running emulator, embedded or standalone, over its loopback address. */
export interface SandboxControl {
  readonly url: string
  readonly personas: readonly Persona[]
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
  /** Returns the account ids in the order given. */
  addMembers(site: 'international' | 'china', members: readonly MemberOrder[]): Promise<string[]>
  member(accountId: string): Promise<Member>
  changeMember(accountId: string, change: MemberOrder): Promise<Member>
  removeMember(accountId: string): Promise<void>
  reset(): Promise<void>
}

/** A refusal of the control API or an emulator that does not answer. */
export class SandboxControlError extends Error {
  /** The control API's code, or `Unreachable`. */
  readonly code: string
  /** HTTP status; 0 when nothing was answered. */
  readonly status: number

  constructor(code: string, status: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SandboxControlError'
    this.code = code
    this.status = status
  }

  // By shape: a server that is bundled in parts has a copy of this class in each.
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'SandboxControlError' && 'status' in value
  }
}

/** Makes a client for the emulator at `url`, e.g. `http://127.0.0.1:4010`; nothing is sent yet. */
export function connectSandbox(url: string): SandboxControl {
  async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(new URL(`/_sandbox/${path}`, url), {
      method,
      cache: 'no-store',
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
    personas,
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
    addMembers: async (site, members) =>
      (await ask<{ accountIds: string[] }>('POST', 'members', { site, members })).accountIds,
    member: async (id) => (await ask<{ member: Member }>('GET', `members/${encodeURIComponent(id)}`)).member,
    changeMember: async (id, change) =>
      (await ask<{ member: Member }>('PATCH', `members/${encodeURIComponent(id)}`, change)).member,
    removeMember: async (id) => void (await ask('DELETE', `members/${encodeURIComponent(id)}`)),
    reset: async () => void (await ask('POST', 'reset', {})),
  }
}
