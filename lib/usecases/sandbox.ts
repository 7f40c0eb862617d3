import { AppError } from '@/lib/contract/errors'
import * as contract from '@/lib/contract/sandbox'
import type { SandboxControl, SandboxMessage } from '@/lib/sandbox'
import type { Context } from './context'
import { mutation, query } from './define'

const shown = 50

export const getSandbox = query(contract.getSandbox, {
  access: 'session',
  async run(ctx) {
    const sandbox = sandboxOf(ctx)
    const [messages, calls, faults, operations, clock] = await Promise.all([
      sandbox.messages(),
      sandbox.calls(),
      sandbox.faults(),
      sandbox.operations(),
      sandbox.clock(),
    ])
    return {
      messages: messages
        .slice(0, shown)
        .map((message, index) => inboxRow(message, messages.slice(0, index), clock.now)),
      calls: calls.slice(0, shown),
      callTotal: calls.length,
      faults,
      operations,
      clock,
    }
  },
})

export const armFault = mutation(contract.armFault, {
  access: 'session',
  action: 'sandbox.arm_fault',
  async run(ctx, input) {
    await sandboxOf(ctx).arm(input)
    return {}
  },
})

export const disarmFault = mutation(contract.disarmFault, {
  access: 'session',
  action: 'sandbox.disarm_fault',
  async run(ctx, { id }) {
    await sandboxOf(ctx).disarm(id)
    return {}
  },
})

export const advanceClock = mutation(contract.advanceClock, {
  access: 'session',
  action: 'sandbox.advance_clock',
  async run(ctx, { seconds }) {
    await sandboxOf(ctx).advance(seconds)
    return {}
  },
})

export const resetSandbox = mutation(contract.resetSandbox, {
  access: 'session',
  action: 'sandbox.reset',
  async run(ctx) {
    await sandboxOf(ctx).reset()
    return {}
  },
})

/** In `alibaba` mode there is no sandbox, and so no such page. */
function sandboxOf(ctx: Context): SandboxControl {
  const { sandbox } = ctx.services
  if (!sandbox) throw new AppError('page.not_found')
  return sandbox
}

/** @param newer the messages before it in the inbox */
function inboxRow(message: SandboxMessage, newer: SandboxMessage[], now: string) {
  const { id, channel, to, operation, accountId, code, sentAt, expiresAt } = message
  const seconds = (instant: string) => Math.round((Date.parse(instant) - Date.parse(now)) / 1000)
  return {
    id,
    channel,
    to,
    operation,
    accountId,
    code,
    sentAt,
    secondsAgo: Math.max(0, -seconds(sentAt)),
    secondsLeft: seconds(expiresAt),
    superseded: newer.some((one) => one.operation === operation && one.accountId === accountId),
  }
}
