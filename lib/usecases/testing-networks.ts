import { listAudit } from '@/lib/audit'
import type { AttachFlow } from '@/lib/contract/networks'
import type { Subject } from '@/lib/ledger'
import type { Persona, SandboxControl } from '@/lib/sandbox'
import { sendCenCode } from './networks'
import { startTestConsole } from './testing'

// Above 2^53, so that code that parses these as numbers sends a different ID.
export const crossAccount = {
  international: { cenId: 'cen-7ku2w9xq4mz81hvt3e', ownerId: '9134520068812347' },
  china: { cenId: 'cen-3bq8n5xr1kt6wz0v9m', ownerId: '9351074826610093' },
}
export const own = 'cen-5d0k7r2vq9xw3mzt81'
export const regions = { international: 'ap-southeast-1', china: 'cn-hangzhou' }
export const overdueSeconds = 600

export type NetworkOrder = Parameters<SandboxControl['addNetworks']>[1][number]

export interface At {
  region: string
  networkId: string
}

/** For tests only: a console, an operator who joins networks, and helpers. */
export async function startNetworkConsole() {
  const muster = await startTestConsole()
  const wei = await muster.signedInAs('intl-admin')

  /** A network that no other test uses. */
  async function newNetwork(order: NetworkOrder = {}, site: Persona['site'] = 'international'): Promise<At> {
    const [networkId] = await muster.sandbox.addNetworks(site, [order], regions[site])
    if (!networkId) throw new Error('the sandbox added no network')
    return { region: regions[site], networkId }
  }

  async function codeFor({ ownerId }: { ownerId: string }): Promise<string> {
    const [newest] = await muster.sandbox.messages({ accountId: ownerId })
    if (!newest) throw new Error('no message')
    return newest.code
  }

  function subjectOf({ networkId }: At): Subject {
    return { accountId: wei.accountId, operation: 'join_network', target: networkId }
  }

  async function auditOf({ networkId }: At, actor = wei) {
    const { accountId } = actor
    const rows = await listAudit(muster.services.db, { accountId, target: networkId }, { limit: 50 })
    return rows.map(({ action, outcome, code }) => ({ action, outcome, code })).reverse()
  }

  const callsOf = (operation: string, target: string) => muster.sandbox.calls({ operation, target })

  /** Advances the clock first: cases share owners, and each owner can get one code per minute. */
  async function asked(at: At, cen = crossAccount.international, actor = wei) {
    await muster.sandbox.advance(60)
    const flow = await sendCenCode.run(actor, { ...at, ...cen })
    return { requestId: idOf(flow), code: await codeFor(cen) }
  }

  return { muster, wei, newNetwork, codeFor, subjectOf, auditOf, callsOf, asked }
}

export function idOf(flow: AttachFlow): string {
  if (!flow.request) throw new Error('no request')
  return flow.request.id
}
