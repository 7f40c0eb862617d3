import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Ledger, Subject } from '@/lib/ledger'
import type { Operator } from './actor'
import { getAttachFlow } from './networks'
import { startTestConsole, type TestConsole } from './testing'

let muster: TestConsole
let wei: Operator
beforeAll(async () => {
  muster = await startTestConsole()
  wei = await muster.signedInAs('intl-admin')
})
afterAll(() => muster.close())

const region = 'ap-southeast-1'
const [here, elsewhere] = ['cen-5d0k7r2vq9xw3mzt81', 'cen-elsewhere']

test('a read settles only the request it began with, whatever another operator does meanwhile', async () => {
  const [networkId = ''] = await muster.sandbox.addNetworks('international', [{ cenId: here }], region)
  const subject: Subject = { accountId: wei.accountId, operation: 'join_network', target: networkId }
  const { ledger } = muster.services
  const error = { code: 'cloud.silent' } as const

  async function unknown(cenId: string) {
    const intent = { act: 'attach', cenId }
    const operator = { operatorId: 'amira', operatorName: 'amira.said' }
    const { id, attempt } = await ledger.beginWithoutCode(subject, { intent, operator })
    await ledger.settleApply(subject, id, attempt, { kind: 'unknown', error })
    return id
  }

  /** Settles the request of unknown outcome and starts another one, right after the ledger was read. */
  let other: string | undefined
  async function meanwhile() {
    const { reconcile } = await ledger.beginReconciliation(subject)
    if (!reconcile || other) return
    await ledger.recordReconciliation(subject, { ...reconcile, conclusive: true }, 'not_done')
    other = await unknown(elsewhere)
  }

  await unknown(here)
  const interleaved: Ledger = {
    ...ledger,
    async view(of) {
      const view = await ledger.view(of)
      await meanwhile()
      return view
    },
    async beginReconciliation(...of) {
      const begun = await ledger.beginReconciliation(...of)
      await meanwhile()
      return begun
    },
  }
  const actor = { ...wei, services: { ...wei.services, ledger: interleaved } }
  await getAttachFlow.run(actor, { region, networkId })
  // The network is in the CEN of the first attach, which proves nothing about the second.
  expect((await ledger.view(subject)).current).toMatchObject({
    id: other,
    state: 'apply_unknown',
    reconcileResult: null,
  })
})
