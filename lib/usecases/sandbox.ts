import { operations as ownOperations } from '@/lib/alicloud'
import { adoptDirectory, endAccountSessions, endSession } from '@/lib/auth'
import { AppError } from '@/lib/contract/errors'
import * as contract from '@/lib/contract/sandbox'
import type { Db } from '@/lib/db'
import { forgetPhones } from '@/lib/mirror'
import { type FaultOrder, type SandboxControl, SandboxControlError } from '@/lib/sandbox'
import type { Operator } from './actor'
import { mutation, query } from './define'
import { WithEffect } from './effect'

const messagesShown = 100
const callsShown = 50

/**
 * Everything the sandbox page shows.
 * @throws AppError `page.not_found`, `sandbox.unavailable` or `sandbox.refused`
 */
export const getSandbox = query(contract.getSandbox, {
  access: 'session',
  async run(actor) {
    const sandbox = sandboxOf(actor)
    const [personas, messages, calls, faults, operations, clock] = await answered(
      Promise.all([
        sandbox.personas(),
        sandbox.messages(),
        sandbox.calls(),
        sandbox.faults(),
        sandbox.operations(),
        sandbox.clock(),
      ]),
    )
    return {
      personas: [...personas],
      ...shownOf(messages),
      calls: calls.slice(0, callsShown),
      callTotal: calls.length,
      faults,
      operations: byName(operations),
      clock,
    }
  },
})

/**
 * The messages of the sandbox.
 * @throws AppError `page.not_found`, `sandbox.unavailable` or `sandbox.refused`
 */
export const getInbox = query(contract.getInbox, {
  access: 'session',
  async run(actor) {
    const sandbox = sandboxOf(actor)
    const [messages, { now }] = await answered(Promise.all([sandbox.messages(), sandbox.clock()]))
    return { ...shownOf(messages), now }
  },
})

type Messages = Awaited<ReturnType<SandboxControl['messages']>>

function shownOf(messages: Messages) {
  return {
    messages: messages
      .slice(0, messagesShown)
      .map((message) => ({ ...message, voidBecause: message.voidBecause ?? null })),
    messageTotal: messages.length,
  }
}

/**
 * Arms a fault.
 * @throws AppError `page.not_found`, `sandbox.unavailable` or `sandbox.refused`
 */
export const armFault = mutation(contract.armFault, {
  access: 'session',
  action: 'sandbox.arm_fault',
  async run(actor, input) {
    await answered(sandboxOf(actor).arm(orderOf(input)))
    return {}
  },
})

/**
 * Disarms a fault if it is still armed.
 * @throws AppError `page.not_found`, `sandbox.unavailable` or `sandbox.refused`
 */
export const disarmFault = mutation(contract.disarmFault, {
  access: 'session',
  action: 'sandbox.disarm_fault',
  async run(actor, { id }) {
    const sandbox = sandboxOf(actor)
    const faults = await answered(sandbox.faults())
    // A fault that was used up before the click counts as disarmed.
    if (faults.some((fault) => fault.id === id)) await answered(sandbox.disarm(id))
    return {}
  },
})

/**
 * Advances the clock of the sandbox.
 * @throws AppError `page.not_found`, `sandbox.unavailable` or `sandbox.refused`
 */
export const advanceClock = mutation(contract.advanceClock, {
  access: 'session',
  action: 'sandbox.advance_clock',
  async run(actor, { seconds }) {
    await answered(sandboxOf(actor).advance(seconds))
    return {}
  },
})

/**
 * Resets the sandbox and everything stored here about it.
 * @throws AppError `page.not_found`, `sandbox.unavailable` or `sandbox.refused`
 */
export const resetSandbox = mutation(contract.resetSandbox, {
  access: 'session',
  action: 'sandbox.reset',
  async run(actor) {
    const { services, session } = actor
    const { db } = services
    const sandbox = sandboxOf(actor)
    const before = await answered(sandbox.personas())
    await answered(sandbox.reset())
    // Codes and bindings of the sandbox are gone, and its clock has been set back.
    await services.ledger.forgetAll()
    await forgetPhones(db)
    const accounts = [...new Set(before.map(({ accountId }) => accountId))]
    for (const accountId of accounts) await refreshSessions(db, sandbox, accountId)
    const left = await answered(sandbox.personas())
    const ended =
      session.credentials.securityToken !== undefined ||
      left.every(({ accountId }) => accountId !== session.accountId)
    if (!ended) return { ended }
    await endSession(db, session.id)
    return new WithEffect({ ended }, { kind: 'endSession' })
  },
})

/** A reset removes enabled directories and the accounts created for them. */
async function refreshSessions(db: Db, sandbox: SandboxControl, accountId: string): Promise<void> {
  try {
    const { directoryId } = await sandbox.account(accountId)
    await adoptDirectory(db, accountId, directoryId)
  } catch (error) {
    if (!(error instanceof SandboxControlError) || error.status !== 404) throw error
    await endAccountSessions(db, accountId)
  }
}

/** @throws AppError `page.not_found` in `alibaba` mode, which has no sandbox */
function sandboxOf(actor: Operator): SandboxControl {
  const { sandbox } = actor.services
  if (!sandbox) throw new AppError('page.not_found')
  return sandbox
}

/**
 * Turns errors of the control API into `AppError`s, with its own English message as a parameter.
 * @throws AppError `sandbox.unavailable` if it does not respond, else `sandbox.refused`
 */
async function answered<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof SandboxControlError)) throw error
    if (error.status === 0) throw new AppError('sandbox.unavailable', {}, { cause: error })
    const fields = error.code === 'UnknownCode' ? { code: 'fault.unknown_code' } : undefined
    throw new AppError('sandbox.refused', { params: { message: error.message }, fields }, { cause: error })
  }
}

function orderOf({ operation, fault, code, milliseconds, times, effect }: contract.ArmFault): FaultOrder {
  const detail = fault === 'code' ? `:${code}` : fault === 'slow' ? `:${milliseconds}` : ''
  const replacing = contract.replacingFaults.some((one) => one === fault)
  return { operation, fault: fault + detail, times, ...(replacing ? { effect } : {}) }
}

/** Groups `Product/Operation` names by operation, those that this console calls first. */
function byName(names: string[]) {
  const own = new Set<string>(Object.values(ownOperations).map((one) => one.operation))
  const products = new Map<string, string[]>()
  for (const full of names) {
    const [product = '', name = full] = full.split('/')
    products.set(name, [...(products.get(name) ?? []), product])
  }
  const rank = (name: string) => (own.has(name) ? 0 : 1)
  return [...products]
    .map(([name, of]) => ({ name, products: of }))
    .sort((a, b) => rank(a.name) - rank(b.name))
}
