import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { attachNetwork, detachNetwork, getAttachFlow, reconcileNetwork, sendCenCode } from './networks'
import { failureOf } from './testing'
import { type At, crossAccount, idOf, own, startNetworkConsole } from './testing-networks'

type NetworkConsole = Awaited<ReturnType<typeof startNetworkConsole>>
let { muster, wei, newNetwork, callsOf, asked } = {} as NetworkConsole
beforeAll(async () => {
  ;({ muster, wei, newNetwork, callsOf, asked } = await startNetworkConsole())
})
afterAll(() => muster.close())
afterEach(() => muster.sandbox.disarmAll())

describe('detaching', () => {
  test('names the owner of the CEN, if this console knows it', async () => {
    const at = await newNetwork()
    const { requestId, code } = await asked(at)
    await attachNetwork.run(wei, { ...at, requestId, code })
    await muster.sandbox.advance(60)
    const done = await getAttachFlow.run(wei, at)
    // An attach is confirmed by the state reported later, not by the accepted request.
    expect(done).toMatchObject({ step: 'done', request: { reconcileResult: 'done' } })
    const { applySettledAt, reconciledAt } = done.request ?? {}
    expect(Date.parse(reconciledAt ?? '') - Date.parse(applySettledAt ?? '')).toBeGreaterThan(50_000)
    const { cenId, ownerId } = crossAccount.international
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

  test('completes, and the network can be attached again', async () => {
    const at = await attached()
    expect(await detachNetwork.run(wei, { ...at, cenId: own })).toMatchObject({
      step: 'waiting',
      intent: { act: 'detach', cenId: own },
    })
    await muster.sandbox.advance(60)
    expect(await getAttachFlow.run(wei, at)).toMatchObject({ step: 'choose', request: null, refused: null })
    expect(await attachNetwork.run(wei, { ...at, cenId: own })).toMatchObject({ step: 'waiting' })
  })

  test('requested concurrently, or again before it is reported, is one call', async () => {
    const at = await attached()
    const input = { ...at, cenId: own }
    const all = await Promise.allSettled([1, 2, 3].map(() => detachNetwork.run(wei, input)))
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    // Alibaba Cloud may report it as attached for a while longer.
    await muster.sandbox.changeNetwork(at.networkId, { cenId: own, attachStatus: 'attached' })
    expect((await failureOf(detachNetwork, wei, input)).code).toBe('apply.in_progress')
    expect(await callsOf('DetachCen', at.networkId)).toHaveLength(1)
  })

  test('does not start, nor does a send or attach, while the network is being attached or detached', async () => {
    const at = await newNetwork({ cenId: own, attachStatus: 'attaching' })
    expect((await failureOf(sendCenCode, wei, { ...at, ...crossAccount.international })).code).toBe(
      'network.not_ready',
    )
    expect((await failureOf(attachNetwork, wei, { ...at, cenId: own })).code).toBe('network.not_ready')
    expect((await failureOf(detachNetwork, wei, { ...at, cenId: own })).code).toBe('network.not_ready')
  })

  test('works only from the CEN that the page showed', async () => {
    const at = await attached()
    const other = { ...at, cenId: crossAccount.international.cenId }
    expect((await failureOf(detachNetwork, wei, other)).code).toBe('network.changed')
    expect(await callsOf('DetachCen', at.networkId)).toEqual([])
  })

  test('outside this console lets the network be attached again', async () => {
    const at = await attached()
    await muster.sandbox.changeNetwork(at.networkId, { cenId: null })
    expect(await getAttachFlow.run(wei, at)).toMatchObject({ step: 'choose', request: null })
  })

  test('is not undone by a read that began before a newer attach', async () => {
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

  test('leaves the network attached if refused, and shows the refusal', async () => {
    const at = await attached()
    await muster.sandbox.arm({
      operation: 'DetachCen',
      fault: 'code:DirectoryNotReady',
      match: { accountId: at.networkId },
    })
    expect((await failureOf(detachNetwork, wei, { ...at, cenId: own })).code).toBe('network.not_ready')
    expect(await getAttachFlow.run(wei, at)).toMatchObject({ step: 'done', refused: { what: 'apply' } })
    // No longer relevant once it has been detached elsewhere.
    await muster.sandbox.changeNetwork(at.networkId, { cenId: null })
    expect(await getAttachFlow.run(wei, at)).toMatchObject({ step: 'choose', refused: null })
  })
})
