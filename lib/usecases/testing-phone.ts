import { listAudit } from '@/lib/audit'
import type { BindFlow } from '@/lib/contract/phone'
import { sendCode } from './phone'
import { startTestConsole } from './testing'

export const phone = '65-91234567'
export const sendOperation = 'SendVerificationCodeForBindSecureMobilePhone'
export const bindOperation = 'BindSecureMobilePhone'

/** For tests only: a console, an operator who binds phones, and helpers. */
export async function startPhoneConsole() {
  const muster = await startTestConsole()
  const wei = await muster.signedInAs('intl-admin')

  async function send(memberId: string, actor = wei): Promise<BindFlow> {
    return sendCode.run(actor, { memberId, phone })
  }

  async function codeOf(memberId: string): Promise<string> {
    const [newest] = await muster.sandbox.messages({ accountId: memberId })
    if (!newest) throw new Error('no message')
    return newest.code
  }

  async function callsOf(operation: string, memberId: string) {
    return muster.sandbox.calls({ operation, target: memberId })
  }

  async function auditOf(memberId: string, actor = wei) {
    const rows = await listAudit(
      muster.services.db,
      { accountId: actor.accountId, target: memberId },
      { limit: 50 },
    )
    return rows.map(({ action, outcome, code }) => ({ action, outcome, code })).reverse()
  }

  return { muster, wei, send, codeOf, callsOf, auditOf }
}

export function idOf(flow: BindFlow): string {
  if (!flow.request) throw new Error('no request')
  return flow.request.id
}
