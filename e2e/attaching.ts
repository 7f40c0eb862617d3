import type { SandboxControl } from '../lib/sandbox/index.ts'
import type { NetworkPage } from './flow-page'
import { en, zh } from './messages'

/** In English on the international site, in Chinese on the China site; the ids of the owners are above 2^53. */
export const editions = {
  en: {
    words: en,
    persona: 'intl-admin',
    site: 'international',
    region: 'ap-southeast-1',
    otherRegion: ['eu-central-1', 'Germany (Frankfurt)'],
    name: 'pier-office',
    cenId: 'cen-7ku2w9xq4mz81hvt3e',
    ownerId: '9134520068812347',
    channel: 'email',
    to: 'network@lumenfoods.example',
    ownCen: 'Harbour backbone',
    unfinishedCen: 'Europe expansion',
  },
  'zh-CN': {
    words: zh,
    persona: 'china-admin',
    site: 'china',
    region: 'cn-hangzhou',
    otherRegion: ['cn-beijing', '华北2（北京）'],
    name: '码头办公室',
    cenId: 'cen-3bq8n5xr1kt6wz0v9m',
    ownerId: '9351074826610093',
    channel: 'sms',
    to: '86-10100000131',
    ownCen: '海港骨干网',
    unfinishedCen: '华北扩容',
  },
} as const

export type Edition = (typeof editions)[keyof typeof editions]
export const intl = editions.en
/** Overlaps exactly one route of the cross-account CENs. */
export const overlapping = '10.12.0.0/16'

export const listOf = (region: string) => `/networks?region=${region}`

interface NetworkFacts {
  name?: string
  cidrBlock?: string
  vpcType?: 'Basic' | 'Customized'
  officeSiteType?: 'AD_CONNECTOR'
  cenId?: string
}

/** An office network that no other test uses. */
export async function newNetwork(
  cloud: SandboxControl,
  facts: NetworkFacts = {},
  { site, name }: Edition = intl,
) {
  const [id] = await cloud.addNetworks(site, [{ name, ...facts }])
  if (!id) throw new Error('the sandbox added no network')
  return id
}

/** The newest code that the owner of a CEN received. */
export async function codeFor(cloud: SandboxControl, { ownerId }: Edition = intl): Promise<string> {
  const [newest] = await cloud.messages({ accountId: ownerId, operation: 'SendVerifyCode' })
  if (!newest) throw new Error('no message was sent to this owner')
  return newest.code
}

export const attachCalls = (cloud: SandboxControl, target: string) =>
  cloud.calls({ operation: 'AttachCen', target })

/** Sends a code to the owner of another account's CEN, who gets at most one a minute. */
export async function sendTo(attaching: NetworkPage, cloud: SandboxControl, edition: Edition = intl) {
  await cloud.advance(61)
  await attaching.chooseCrossAccount(edition)
  await attaching.send()
  await attaching.asksForCode()
}

/** Opens the flow and sends a code. @returns the network and the code */
export async function sent(attaching: NetworkPage, cloud: SandboxControl, facts?: NetworkFacts) {
  const id = await newNetwork(cloud, facts)
  await attaching.open(id)
  await sendTo(attaching, cloud)
  return { id, code: await codeFor(cloud) }
}
