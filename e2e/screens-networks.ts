import { expect, failureOn } from './fixtures'
import type { Screen, Stage } from './screens.spec'

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

const placeOf = (id: string) => `/networks/${id.split('+')[0]}/${encodeURIComponent(id)}`

/** An office network that no other test uses; the list of its region has every kind. */
async function newNetwork(
  { cloud, site }: Stage,
  order: Parameters<Stage['cloud']['addNetworks']>[1][number] = {},
): Promise<string> {
  const [id] = await cloud.addNetworks(site, [{ name: facts[site].name, ...order }])
  if (!id) throw new Error('the sandbox added no network')
  return id
}

async function openNetwork(stage: Stage, order?: Parameters<typeof newNetwork>[1]): Promise<string> {
  await stage.signIn()
  const id = await newNetwork(stage, order)
  await stage.page.goto(`${placeOf(id)}/attach`)
  return id
}

async function pickOwn({ page, site }: Stage) {
  await page.getByRole('radio', { name: facts[site].ownCen.name }).check()
}

async function openForeign(stage: Stage): Promise<string> {
  const id = await openNetwork(stage)
  await stage.page.getByRole('radio', { name: stage.words.attach.choose.foreign }).check()
  return id
}

/** A network for which a code was sent, without a page. */
async function sent(stage: Stage, order?: Parameters<typeof newNetwork>[1]) {
  await stage.signIn()
  const id = await newNetwork(stage, order)
  const { cenId, ownerId } = facts[stage.site]
  // The screens of a site share an owner, whom one code a minute goes to.
  await stage.cloud.advance(61)
  const { request } = await stage.post(`/api${placeOf(id)}/code`, { cenId, ownerId })
  const [message] = await stage.cloud.messages({ accountId: ownerId, operation: 'SendVerifyCode' })
  return { id, requestId: (request as { id: string }).id, code: message?.code ?? '' }
}

async function openCode(stage: Stage, order?: Parameters<typeof newNetwork>[1]) {
  const request = await sent(stage, order)
  await stage.page.goto(`${placeOf(request.id)}/attach`)
  await expect(stage.page.getByLabel(stage.words.flow.code.label)).toBeVisible()
  return request
}

async function check({ page, words }: Stage, code: string) {
  await page.getByLabel(words.flow.code.label).fill(code)
  await page.getByRole('button', { name: words.attach.check.verb }).click()
}

const heading = ({ page }: Stage, name: string | RegExp) =>
  expect(page.getByRole('heading', { name, level: 1 })).toBeAttached()

export const networkScreens: Record<string, Screen> = {
  'choosing a CEN for an office network of unknown words': {
    async open(stage) {
      const { page, words } = stage
      await openNetwork(stage, { vpcType: 'new:HybridCloud', status: 'new:PausedNow' })
      await expect(page.getByText(words.attach.unknown.title)).toBeVisible()
    },
  },
  'office networks of every kind': {
    ofLayout: true,
    async open(stage) {
      const { page, words, site } = stage
      await sent(stage)
      await page.goto(`/networks?region=${facts[site].region}`)
      await expect(page.getByText(words.status.open.code_sent).first()).toBeAttached()
      await expect(page.getByText(words.networks.state.attaching).first()).toBeAttached()
      await expect(page.getByText(words.networks.state.cannot).first()).toBeAttached()
    },
  },
  'office networks with the list of regions open': {
    width: 1280,
    async open({ page, words, signIn }) {
      await signIn()
      await page.goto('/networks')
      await page.getByRole('combobox', { name: words.networks.region }).click()
      await expect(page.getByRole('option').first()).toBeVisible()
    },
  },
  'office networks of a region without any, after an unknown one': {
    async open({ page, words, site, signIn }) {
      await signIn()
      await page.goto('/networks?region=xx-nowhere-9')
      await expect(page.getByText('xx-nowhere-9')).toBeVisible()
      await page.goto(`/networks?region=${facts[site].emptyRegion}`)
      await expect(page.getByText(words.networks.empty.body)).toBeVisible()
    },
  },
  'office networks without the permission to list them': {
    async open({ page, words, cloud, signIn }) {
      await signIn()
      await cloud.arm({ operation: 'DescribeOfficeSites', fault: 'code:NoPermission', times: 50 })
      await page.goto('/networks')
      await expect(failureOn(page)).toContainText(words.networks.failed.ask)
    },
  },
  'a code whose place a newer one took for another office network': {
    async open(stage) {
      const { id } = await sent(stage)
      await sent(stage)
      await stage.page.goto(`${placeOf(id)}/attach`)
      await expect(stage.page.getByText(stage.words.flow.refused.superseded.title)).toBeVisible()
      await expect(stage.page.getByLabel(stage.words.attach.foreign.cen)).toHaveValue(facts[stage.site].cenId)
    },
  },
  'an office network that does not exist': {
    async open(stage) {
      await stage.signIn()
      await stage.page.goto(`${placeOf(`${facts[stage.site].region}+os-nobody0000000000x`)}/attach`)
      await heading(stage, stage.words.attach.notFound.title)
    },
  },
  'a basic office network': {
    async open(stage) {
      await openNetwork(stage, { vpcType: 'Basic' })
      await expect(stage.page.getByText(stage.words.attach.blocked.basic.cause)).toBeVisible()
    },
  },
  'an office network that is being set up': {
    async open(stage) {
      await openNetwork(stage, { status: 'REGISTERING' })
      await expect(stage.page.getByText(stage.words.networks.status.REGISTERING).first()).toBeVisible()
    },
  },
  'the choice of an own CEN, without one': {
    async open(stage) {
      await openNetwork(stage)
      await stage.page.getByRole('button', { name: stage.words.attach.attachVerb, exact: true }).click()
      await expect(stage.page.getByText(stage.words.fieldErrors.cen.unchosen)).toBeVisible()
    },
  },
  'an own CEN that was checked': {
    ofLayout: true,
    async open(stage) {
      const { page, words } = stage
      await openNetwork(stage)
      await pickOwn(stage)
      await page.getByRole('button', { name: words.attach.check.verb }).click()
      await expect(page.getByText(words.attach.check.fits)).toBeVisible()
    },
  },
  'an own CEN, asked to attach': {
    async open(stage) {
      const { page, words } = stage
      await openNetwork(stage)
      await pickOwn(stage)
      await page.getByRole('button', { name: words.attach.attachVerb, exact: true }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  'the choice of another account’s CEN, complete': {
    ofLayout: true,
    async open(stage) {
      const { page, words, site } = stage
      await openForeign(stage)
      await page.getByLabel(words.attach.foreign.cen).fill(facts[site].cenId)
      await page.getByLabel(words.attach.foreign.owner).fill(facts[site].ownerId)
      await expect(page.getByText(words.attach.ownerWords.note)).toBeVisible()
    },
  },
  'the choice of another account’s CEN with mistakes': {
    async open(stage) {
      const { page, words } = stage
      await openForeign(stage)
      await page.getByLabel(words.attach.foreign.owner).fill('148802733915620')
      await page.getByRole('button', { name: words.flow.send }).click()
      await expect(page.getByText(words.fieldErrors.cen.empty)).toBeVisible()
    },
  },
  'the code of a CEN’s owner': { open: (stage) => openCode(stage) },
  'the code of a CEN’s owner, wrong in a check': {
    async open(stage) {
      const { code } = await openCode(stage)
      await check(stage, code === '000000' ? '111111' : '000000')
      await expect(stage.page.getByLabel(stage.words.flow.code.label)).toHaveAttribute('aria-invalid', 'true')
    },
  },
  'a check that finds overlapping routes': {
    ofLayout: true,
    async open(stage) {
      const { code } = await openCode(stage, { cidrBlock: '10.12.0.0/16' })
      await check(stage, code)
      await expect(stage.page.getByText(stage.words.attach.check.conflict)).toBeVisible()
    },
  },
  'a check of a CEN that is not the owner’s': {
    async open(stage) {
      await stage.signIn()
      const id = await newNetwork(stage)
      const { ownerId } = facts[stage.site]
      await stage.post(`/api${placeOf(id)}/code`, { cenId: 'cen-000000nobodys', ownerId })
      await stage.page.goto(`${placeOf(id)}/attach`)
      await check(stage, '123456')
      await expect(failureOn(stage.page)).toContainText(stage.words.errors.cen.not_found.cause)
    },
  },
  'an attach that was accepted': {
    async open(stage) {
      const { id, requestId, code } = await sent(stage)
      await stage.post(`/api${placeOf(id)}/attach`, { requestId, code })
      await stage.cloud.changeNetwork(id, { attachStatus: 'attaching' })
      await stage.page.goto(`${placeOf(id)}/attach`)
      await expect(stage.page.getByText(stage.words.attach.waiting.accepted, { exact: true })).toBeVisible()
    },
  },
  'a change of a network that was not begun here': {
    async open(stage) {
      await openNetwork(stage, { cenId: facts[stage.site].ownCen.id, attachStatus: 'detaching' })
      await expect(stage.page.getByText(stage.words.attach.waiting.elsewhere)).toBeVisible()
    },
  },
  'an attach that is not reported for ten minutes': {
    async open(stage) {
      const { id, requestId, code } = await sent(stage)
      await stage.post(`/api${placeOf(id)}/attach`, { requestId, code })
      await stage.cloud.changeNetwork(id, { attachStatus: 'attaching' })
      await stage.cloud.advance(601)
      await stage.page.goto(`${placeOf(id)}/attach`)
      await heading(stage, stage.words.attach.overdue.title)
    },
  },
  'an attach of unknown outcome': {
    async open(stage) {
      const { cloud, page } = stage
      const { id, requestId, code } = await sent(stage)
      await cloud.arm({ operation: 'AttachCen', fault: 'reset', effect: false, match: { accountId: id } })
      await stage.post(`/api${placeOf(id)}/attach`, { requestId, code })
      await page.goto(`${placeOf(id)}/attach`)
      await expect(page.getByText(stage.words.flow.checking.why)).toBeVisible()
      // It stays unknown as long as the network cannot be read.
      await cloud.arm({ operation: 'DescribeOfficeSites', fault: 'unavailable', times: 1000 })
      await expect(failureOn(page)).toBeVisible()
    },
  },
  'a network that this console attached': {
    ofLayout: true,
    async open(stage) {
      const { id, requestId, code } = await sent(stage)
      await stage.post(`/api${placeOf(id)}/attach`, { requestId, code })
      await stage.cloud.advance(9)
      await stage.page.goto(`${placeOf(id)}/attach`)
      await expect(stage.page.getByText(stage.words.attach.commandLine.note)).toBeAttached()
    },
  },
  'a network with an AD connector': {
    async open(stage) {
      await openNetwork(stage, { officeSiteType: 'AD_CONNECTOR', cenId: facts[stage.site].ownCen.id })
      await expect(stage.page.getByText(stage.words.attach.detach.ad)).toBeVisible()
    },
  },
  'an attached network, asked to detach': {
    ofLayout: true,
    async open(stage) {
      await openNetwork(stage, { cenId: facts[stage.site].ownCen.id })
      await stage.page.getByRole('button', { name: stage.words.attach.detach.verb, exact: true }).click()
      await expect(stage.page.getByRole('dialog')).toBeVisible()
    },
  },
}
