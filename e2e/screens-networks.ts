import type { SandboxControl } from '../lib/sandbox/index.ts'
import { expect } from './fixtures'
import { placeOf, wrongOf } from './flow-page'
import { requestOf, type Screen, type Stage } from './screen'

const facts = {
  international: {
    name: 'kiosk-network',
    region: 'ap-southeast-1',
    emptyRegion: 'us-east-1',
    cenId: 'cen-7ku2w9xq4mz81hvt3e',
    ownerId: '9134520068812347',
    ownCen: { id: 'cen-5d0k7r2vq9xw3mzt81', name: 'Harbour backbone' },
  },
  china: {
    name: '门店网络',
    region: 'cn-hangzhou',
    emptyRegion: 'cn-chengdu',
    cenId: 'cen-3bq8n5xr1kt6wz0v9m',
    ownerId: '9351074826610093',
    ownCen: { id: 'cen-2w9tb4xk6mq0vr7z5s', name: '海港骨干网' },
  },
}

type Order = Parameters<SandboxControl['addNetworks']>[1][number]

const attachOf = (id: string) => `${placeOf(id)}/attach`
const ownCenOf = ({ site }: Stage) => facts[site].ownCen.id

/** An office network that no other test uses; the list of its region has every kind. */
async function newNetwork({ cloud, site }: Stage, order: Order = {}): Promise<string> {
  const [id] = await cloud.addNetworks(site, [{ name: facts[site].name, ...order }])
  if (!id) throw new Error('the sandbox added no network')
  return id
}

const ofNew = (order?: Order) => async (stage: Stage) => attachOf(await newNetwork(stage, order))

/** An office network on the CEN of its own account. */
const ofAttached = (order?: Order) => (stage: Stage) => ofNew({ cenId: ownCenOf(stage), ...order })(stage)

/** The newest code that the owner of the site's CEN got. */
async function codeFor({ cloud, site }: Stage): Promise<string> {
  const [message] = await cloud.messages({ accountId: facts[site].ownerId, operation: 'SendVerifyCode' })
  return message?.code ?? ''
}

/** A network for which a code was sent. */
async function sent(stage: Stage, order?: Order): Promise<{ id: string; requestId: string; code: string }> {
  const id = await newNetwork(stage, order)
  const { cenId, ownerId } = facts[stage.site]
  // The screens of a site share an owner, who gets at most one code a minute.
  await stage.cloud.advance(61)
  const requestId = requestOf(await stage.post(`/api${placeOf(id)}/code`, { cenId, ownerId }))
  return { id, requestId, code: await codeFor(stage) }
}

const ofSent = (order?: Order) => async (stage: Stage) => attachOf((await sent(stage, order)).id)

/** A network whose attach was requested with the code. */
async function attaching(stage: Stage): Promise<string> {
  const { id, requestId, code } = await sent(stage)
  await stage.post(`/api${attachOf(id)}`, { requestId, code })
  return id
}

/** The same, but the attach never finishes. */
async function stuckAttaching(stage: Stage): Promise<string> {
  const id = await attaching(stage)
  await stage.cloud.changeNetwork(id, { attachStatus: 'attaching' })
  return attachOf(id)
}

const pickOwn = ({ attaching, site }: Stage) => attaching.choice(facts[site].ownCen.name).check()
const pickCrossAccount = ({ attaching, words }: Stage) =>
  attaching.choice(words.attach.choose.crossAccount).check()

export const networkScreens: Screen[] = [
  {
    name: 'office networks of every kind',
    ofLayout: true,
    async at(stage) {
      await sent(stage)
      return `/networks?region=${facts[stage.site].region}`
    },
    async sees({ page, words }) {
      await expect(page.getByText(words.status.open.code_sent).first()).toBeAttached()
      await expect(page.getByText(words.networks.state.attaching).first()).toBeAttached()
      await expect(page.getByText(words.networks.state.cannot).first()).toBeAttached()
    },
  },
  {
    name: 'office networks with the list of regions open',
    width: 1280,
    at: '/networks',
    does: ({ page, words }) => page.getByRole('combobox', { name: words.networks.region }).click(),
    sees: ({ page }) => page.getByRole('option').first(),
  },
  {
    name: 'office networks of a region without any, after an unknown one',
    at: '/networks?region=xx-nowhere-9',
    async does({ page, site }) {
      await expect(page.getByText('xx-nowhere-9')).toBeVisible()
      await page.goto(`/networks?region=${facts[site].emptyRegion}`)
    },
    sees: ({ page, words }) => page.getByText(words.networks.empty.body),
  },
  {
    name: 'office networks without the permission to list them',
    async at({ cloud }) {
      await cloud.arm({ operation: 'DescribeOfficeSites', fault: 'code:NoPermission', times: 50 })
      return '/networks'
    },
    sees: ({ attaching, words }) => attaching.failure.filter({ hasText: words.networks.failed.ask }),
  },
  {
    name: 'an office network that does not exist',
    at: async ({ site }) => attachOf(`${facts[site].region}+os-nobody0000000000x`),
    sees: ({ attaching, words }) => attaching.title(words.attach.notFound.title),
  },
  {
    name: 'a basic office network',
    at: ofNew({ vpcType: 'Basic' }),
    sees: ({ attaching, words }) => attaching.text(words.attach.blocked.basic.cause),
  },
  {
    name: 'an office network that is being set up',
    at: ofNew({ status: 'REGISTERING' }),
    sees: ({ attaching, words }) => attaching.text(words.networks.status.REGISTERING).first(),
  },
  {
    name: 'choosing a CEN for an office network of an unknown type and status',
    at: ofNew({ vpcType: 'new:HybridCloud', status: 'new:PausedNow' }),
    sees: ({ attaching, words }) => attaching.text(words.attach.unknown.title),
  },
  {
    name: 'the choice of an own CEN, with none selected',
    at: ofNew(),
    does: ({ attaching }) => attaching.attach(),
    sees: ({ attaching, words }) => attaching.text(words.fieldErrors.cen.unchosen),
  },
  {
    name: 'an own CEN that was checked',
    ofLayout: true,
    at: ofNew(),
    async does(stage) {
      await pickOwn(stage)
      await stage.attaching.check()
    },
    sees: ({ attaching, words }) => attaching.text(words.attach.check.fits),
  },
  {
    name: 'an own CEN, asked to attach',
    at: ofNew(),
    async does(stage) {
      await pickOwn(stage)
      await stage.attaching.attach()
    },
    sees: ({ attaching }) => attaching.question,
  },
  {
    name: 'the choice of another account’s CEN, complete',
    ofLayout: true,
    at: ofNew(),
    does: ({ attaching, site }) => attaching.chooseCrossAccount(facts[site]),
    sees: ({ attaching, words }) => attaching.text(words.attach.ownerWords.note),
  },
  {
    name: 'the choice of another account’s CEN with mistakes',
    at: ofNew(),
    async does(stage) {
      await pickCrossAccount(stage)
      await stage.attaching.ownerField.fill('148802733915620')
      await stage.attaching.send()
    },
    sees: ({ attaching, words }) => attaching.text(words.fieldErrors.cen.empty),
  },
  {
    name: 'a code superseded by a newer one for another office network',
    async at(stage) {
      const { id } = await sent(stage)
      await sent(stage)
      return attachOf(id)
    },
    async sees({ attaching, words, site }) {
      await expect(attaching.text(words.flow.refused.superseded.title)).toBeVisible()
      await expect(attaching.cenField).toHaveValue(facts[site].cenId)
    },
  },
  {
    name: 'the code of a CEN’s owner',
    at: ofSent(),
    sees: ({ attaching }) => attaching.codeField,
  },
  {
    name: 'the code of a CEN’s owner, wrong in a check',
    at: ofSent(),
    does: async (stage) => stage.attaching.check(wrongOf(await codeFor(stage))),
    sees: ({ attaching }) => expect(attaching.codeField).toHaveAttribute('aria-invalid', 'true'),
  },
  {
    name: 'a check that finds overlapping routes',
    ofLayout: true,
    at: ofSent({ cidrBlock: '10.12.0.0/16' }),
    does: async (stage) => stage.attaching.check(await codeFor(stage)),
    sees: ({ attaching, words }) => attaching.text(words.attach.check.conflict),
  },
  {
    name: 'a check of a CEN that is not the owner’s',
    async at(stage) {
      const id = await newNetwork(stage)
      const { ownerId } = facts[stage.site]
      await stage.post(`/api${placeOf(id)}/code`, { cenId: 'cen-000000nobodys', ownerId })
      return attachOf(id)
    },
    does: ({ attaching }) => attaching.check('123456'),
    sees: ({ attaching, words }) => attaching.failure.filter({ hasText: words.errors.cen.not_found.cause }),
  },
  {
    name: 'an attach that was accepted',
    at: stuckAttaching,
    sees: ({ attaching }) => attaching.accepted,
  },
  {
    name: 'a change of a network that was not started here',
    at: ofAttached({ attachStatus: 'detaching' }),
    sees: ({ attaching, words }) => attaching.text(words.attach.waiting.elsewhere),
  },
  {
    name: 'an attach that is not reported for ten minutes',
    async at(stage) {
      const flow = await stuckAttaching(stage)
      await stage.cloud.advance(601)
      return flow
    },
    sees: ({ attaching, words }) => attaching.title(words.attach.overdue.title),
  },
  {
    name: 'an attach of unknown outcome',
    async at(stage) {
      const { id, requestId, code } = await sent(stage)
      const match = { accountId: id }
      await stage.cloud.arm({ operation: 'AttachCen', fault: 'reset', effect: false, match })
      await stage.post(`/api${attachOf(id)}`, { requestId, code })
      return attachOf(id)
    },
    async does({ attaching, words, cloud }) {
      await expect(attaching.text(words.flow.checking.why)).toBeVisible()
      // It stays unknown as long as the network cannot be read.
      await cloud.arm({ operation: 'DescribeOfficeSites', fault: 'unavailable', times: 1000 })
    },
    sees: ({ attaching }) => attaching.failure,
  },
  {
    name: 'a network that this console attached',
    ofLayout: true,
    async at(stage) {
      const id = await attaching(stage)
      await stage.cloud.advance(9)
      return attachOf(id)
    },
    sees: ({ attaching, words }) => expect(attaching.text(words.attach.commandLine.note)).toBeAttached(),
  },
  {
    name: 'a network with an AD connector',
    at: ofAttached({ officeSiteType: 'AD_CONNECTOR' }),
    sees: ({ attaching, words }) => attaching.text(words.attach.detach.ad),
  },
  {
    name: 'an attached network, asked to detach',
    ofLayout: true,
    at: ofAttached(),
    does: ({ attaching }) => attaching.detach(),
    sees: ({ attaching }) => attaching.question,
  },
]
