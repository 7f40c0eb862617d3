import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { attachNetwork, detachNetwork, getAttachFlow, reconcileNetwork, sendCenCode } from './networks'
import { failureOf } from './testing'
import { type At, foreign, idOf, own, startNetworkConsole } from './testing-networks'

type NetworkConsole = Awaited<ReturnType<typeof startNetworkConsole>>
let { muster, wei, newNetwork, callsOf, asked } = {} as NetworkConsole
beforeAll(async () => {
  ;({ muster, wei, newNetwork, callsOf, asked } = await startNetworkConsole())
})
afterAll(() => muster.close())
afterEach(() => muster.sandbox.disarmAll())

describe('detaching', () => {
  test('names the account whose CEN is left, as far as this console knows', async () => {
    const at = await newNetwork()
    const { requestId, code } = await asked(at)
    await attachNetwork.run(wei, { ...at, requestId, code })
    await muster.sandbox.advance(60)
    const done = await getAttachFlow.run(wei, at)
    // What confirms an attaching is the state reported later, not that the request was accepted.
    expect(done).toMatchObject({ step: 'done', request: { reconcileResult: 'done' } })
    const { applySettledAt, reconciledAt } = done.request ?? {}
    expect(Date.parse(reconciledAt ?? '') - Date.parse(applySettledAt ?? '')).toBeGreaterThan(50_000)
    const { cenId, ownerId } = foreign.international
    expect((await detachNetwork.run(wei, { ...at, cenId })).intent).toEqual({ act: 'detach', cenId, ownerId })

    const ours = await attached()
    const left = await detachNetwork.run(wei, { ...ours, cenId: own })
    expect(left.intent).toEqual({ act: 'detach', cenId: own, ownerId: null })
    const elsewhere = await newNetwork({ cenId: own, attachStatus: 'attached' })
    const unknown = await detachNetwork.run(wei, { ...elsewhere, cenId: own })
    expect(unknown.intent).toEqual({ act: 'detach', cenId: own })
  })

  async function attached(): Promise<At> {
    const at = await newNetwork()
    await attachNetwork.run(wei, { ...at, cenId: own })
    await muster.sandbox.advance(60)
    expect(await getAttachFlow.run(wei, at)).toMatchObject({ step: 'done' })
    return at
  }

  test('takes it off, and the network can be attached again', async () => {
    const at = await attached()
    expect(await detachNetwork.run(wei, { ...at, cenId: own })).toMatchObject({
      step: 'waiting',
      intent: { act: 'detach', cenId: own },
    })
    await muster.sandbox.advance(60)
    expect(await getAttachFlow.run(wei, at)).toMatchObject({ step: 'choose', request: null, refused: null })
    expect(await attachNetwork.run(wei, { ...at, cenId: own })).toMatchObject({ step: 'waiting' })
  })

  test('asked for by two at once, or once more before it is reported, is one call', async () => {
    const at = await attached()
    const input = { ...at, cenId: own }
    const all = await Promise.allSettled([1, 2, 3].map(() => detachNetwork.run(wei, input)))
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    // Alibaba Cloud may go on reporting it as attached for a while.
    await muster.sandbox.changeNetwork(at.networkId, { cenId: own, attachStatus: 'attached' })
    expect((await failureOf(detachNetwork, wei, input)).code).toBe('apply.in_progress')
    expect(await callsOf('DetachCen', at.networkId)).toHaveLength(1)
  })

  test('nothing begins while a network is being attached or detached', async () => {
    const at = await newNetwork({ cenId: own, attachStatus: 'attaching' })
    expect((await failureOf(sendCenCode, wei, { ...at, ...foreign.international })).code).toBe(
      'network.not_ready',
    )
    expect((await failureOf(attachNetwork, wei, { ...at, cenId: own })).code).toBe('network.not_ready')
    expect((await failureOf(detachNetwork, wei, { ...at, cenId: own })).code).toBe('network.not_ready')
  })

  test('only from the CEN that the page showed', async () => {
    const at = await attached()
    const other = { ...at, cenId: foreign.international.cenId }
    expect((await failureOf(detachNetwork, wei, other)).code).toBe('network.changed')
    expect(await callsOf('DetachCen', at.networkId)).toEqual([])
  })

  test('what somebody detached elsewhere can be attached again', async () => {
    const at = await attached()
    await muster.sandbox.changeNetwork(at.networkId, { cenId: null })
    expect(await getAttachFlow.run(wei, at)).toMatchObject({ step: 'choose', request: null })
  })

  test('a reading that was on its way undoes nothing that was begun since', async () => {
    const at = await attached()
    await detachNetwork.run(wei, { ...at, cenId: own })
    await muster.sandbox.advance(60)
    const reads = async () => (await muster.sandbox.calls({ operation: 'DescribeOfficeSites' })).length
    const before = await reads()
    await muster.sandbox.arm({ operation: 'DescribeOfficeSites', fault: 'slow:700', times: 1 })
    const late = reconcileNetwork.run(wei, at)
    await vi.waitFor(async () => expect(await reads()).toBe(before + 1))
    expect(await reconcileNetwork.run(wei, at)).toMatchObject({ step: 'choose' })
    const again = await attachNetwork.run(wei, { ...at, cenId: own })
    await late
    expect(await getAttachFlow.run(wei, at)).toMatchObject({ request: { id: idOf(again), state: 'applied' } })
  })

  test('a refused one leaves it attached and is told', async () => {
    const at = await attached()
    await muster.sandbox.arm({
      operation: 'DetachCen',
      fault: 'code:DirectoryNotReady',
      match: { accountId: at.networkId },
    })
    expect((await failureOf(detachNetwork, wei, { ...at, cenId: own })).code).toBe('network.not_ready')
    expect(await getAttachFlow.run(wei, at)).toMatchObject({ step: 'done', refused: { what: 'apply' } })
    // Of no use any more where somebody else has detached it.
    await muster.sandbox.changeNetwork(at.networkId, { cenId: null })
    expect(await getAttachFlow.run(wei, at)).toMatchObject({ step: 'choose', refused: null })
  })
})
