import { operationNames } from './actions.ts'
import { addAccount, changeAccount, findAccount } from './control-accounts.ts'
import { addFolders } from './control-folders.ts'
import { bodyObject, ControlError, integerField } from './control-input.ts'
import { addMembers, changeMember, findMember } from './control-members.ts'
import { addNetworks, changeNetwork, findNetwork } from './control-networks.ts'
import { readFault } from './faults.ts'
import type { SandboxState } from './state.ts'

export interface ControlRequest {
  method: string
  /** The path after `/_sandbox/`. */
  path: string
  query: URLSearchParams
  contentType: string
  body: Buffer
}

export interface ControlReply {
  status: number
  body: unknown
}

type Route = (state: SandboxState, request: ControlRequest, id: string) => unknown

const tenYearsSeconds = 315_360_000

/** `:id` matches one more path segment. */
const routes: Record<string, Route> = {
  'GET ': () => ({ name: 'Muster sandbox', operations: operationNames() }),
  'GET personas': (state) => ({ personas: state.world.personas }),
  'GET messages': (state, { query }) => ({
    messages: filtered(state.messages, query, ['to', 'accountId', 'operation']),
  }),
  'GET calls': (state, { query }) => ({
    calls: filtered(state.calls.toReversed(), query, ['operation', 'target', 'caller', 'callerKeyId']),
  }),
  'GET faults': (state) => ({ faults: state.faults }),
  'POST faults': (state, request) => {
    const fault = readFault(jsonBody(request))
    state.faults.push(fault)
    state.onChange()
    return { fault }
  },
  'DELETE faults': (state) => {
    const removed = state.faults.length
    state.faults = []
    state.onChange()
    return { removed }
  },
  'DELETE faults/:id': (state, _request, id) => {
    const kept = state.faults.filter((fault) => fault.id !== id)
    if (kept.length === state.faults.length) {
      throw new ControlError(404, 'UnknownFault', 'No armed fault has that ID; it may have been used up.')
    }
    state.faults = kept
    state.onChange()
    return { removed: 1 }
  },
  'GET clock': (state) => clock(state),
  'POST clock': (state, request) => {
    const input = bodyObject(jsonBody(request), ['advanceSeconds'])
    const left = tenYearsSeconds - Math.ceil(state.clockOffsetMs / 1000)
    if (input.advanceSeconds === undefined) {
      throw new ControlError(400, 'MissingField', '"advanceSeconds" is required.')
    }
    state.clockOffsetMs += integerField(input, 'advanceSeconds', 0, 0, left) * 1000
    state.onChange()
    return clock(state)
  },
  'POST folders': (state, request) => ({ folder: addFolders(state, jsonBody(request)) }),
  'POST members': (state, request) => {
    const members = addMembers(state, jsonBody(request))
    return { accountIds: members.map((member) => member.accountId), members }
  },
  'GET members/:id': (state, _request, id) => ({ member: findMember(state, id) }),
  'PATCH members/:id': (state, request, id) => ({ member: changeMember(state, id, jsonBody(request)) }),
  'DELETE members/:id': (state, _request, id) => {
    findMember(state, id)
    state.removeMember(id)
    return { removed: 1 }
  },
  'POST accounts': (state, request) => addAccount(state, jsonBody(request)),
  'GET accounts/:id': (state, _request, id) => ({ account: findAccount(state, id) }),
  'PATCH accounts/:id': (state, request, id) => ({ account: changeAccount(state, id, jsonBody(request)) }),
  'POST networks': (state, request) => {
    const networks = addNetworks(state, jsonBody(request))
    return { networkIds: networks.map((network) => network.id), networks }
  },
  'GET networks/:id': (state, _request, id) => ({ network: findNetwork(state, id) }),
  'PATCH networks/:id': (state, request, id) => ({ network: changeNetwork(state, id, jsonBody(request)) }),
  'POST reset': (state, request) => {
    bodyObject(jsonBody(request), [])
    state.reset()
    return clock(state)
  },
}

/** Answers a control request. Errors are returned as replies, not thrown. */
export function control(state: SandboxState, request: ControlRequest): ControlReply {
  try {
    const [collection = '', id, ...rest] = request.path.split('/')
    const name = id === undefined ? collection : `${collection}/:id`
    const route = rest.length === 0 ? routes[`${request.method} ${name}`] : undefined
    if (!route) throw new ControlError(404, 'UnknownRoute', `No ${request.method} /_sandbox/${name}.`)
    return { status: request.method === 'POST' ? 201 : 200, body: route(state, request, decoded(id ?? '')) }
  } catch (error) {
    if (!(error instanceof ControlError)) throw error
    return { status: error.status, body: { error: { code: error.code, message: error.message } } }
  }
}

/** IDs of office networks contain a plus sign, which clients may send as %2B. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function clock(state: SandboxState): Record<string, unknown> {
  return { offsetSeconds: state.clockOffsetMs / 1000, now: new Date(state.now()).toISOString() }
}

function jsonBody({ contentType, body }: ControlRequest): unknown {
  // For this type a page needs a CORS preflight to send it to another origin, and the emulator allows none.
  if (!/^application\/json(;|$)/.test(contentType)) {
    throw new ControlError(415, 'JsonOnly', 'Send application/json.')
  }
  try {
    return JSON.parse(body.toString())
  } catch {
    throw new ControlError(400, 'InvalidBody', 'The body is not JSON.')
  }
}

function filtered<T extends object>(
  items: readonly T[],
  query: URLSearchParams,
  names: readonly (keyof T & string)[],
): T[] {
  const unknown = [...query.keys()].find((name) => !names.some((known) => known === name))
  if (unknown !== undefined) {
    throw new ControlError(400, 'UnknownField', `Unknown filter "${unknown}". Known: ${names.join(', ')}.`)
  }
  return items.filter((item) => names.every((name) => !query.has(name) || query.get(name) === item[name]))
}
