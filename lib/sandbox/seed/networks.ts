import type { Cen, MainAccount, OfficeNetwork } from '../model.ts'
import { haigangGroup, harbourGroup, harbourVentures } from '../personas.ts'
import { charactersFor } from './ids.ts'

/** A network as written by hand. Default: an advanced one for convenience accounts, registered. */
interface SeedNetwork {
  name: string
  made: string
  cidr: string
  desktops: number
  vpc?: OfficeNetwork['vpcType']
  accounts?: OfficeNetwork['officeSiteType']
  status?: OfficeNetwork['status']
  cenId?: string
  /** Default if there is a CEN: `attached`. */
  attach?: string
}

interface Owner {
  accountId: string
  /** Networks by region. */
  networks: Record<string, readonly SeedNetwork[]>
}

const backbone = 'cen-5d0k7r2vq9xw3mzt81'
const asiaRetail = 'cen-8p3hy6n1ce4ua7jg2f'
const trunk = 'cen-2w9tb4xk6mq0vr7z5s'
const retailNet = 'cen-6n8fj1dy3gh5pa2cu9'

const harbourNetworks: Owner = {
  accountId: harbourGroup.accountId,
  networks: {
    'ap-southeast-1': [
      { name: 'Marina office', made: '2021-05-06T05:58Z', cidr: '172.20.0.0/16', desktops: 46 },
      { name: 'Contact centre', made: '2021-09-14T02:21Z', cidr: '10.12.0.0/16', desktops: 128 },
      {
        name: 'Design studio',
        made: '2022-02-08T07:40Z',
        cidr: '172.22.0.0/16',
        desktops: 19,
        cenId: backbone,
      },
      { name: 'Front desks', made: '2021-05-06T06:12Z', cidr: '172.18.0.0/16', desktops: 8, vpc: 'Basic' },
      {
        name: 'Research lab',
        made: '2022-11-21T03:05Z',
        cidr: '192.168.96.0/20',
        desktops: 12,
        vpc: 'Customized',
      },
      {
        name: 'Corporate AD',
        made: '2021-05-12T09:42Z',
        cidr: '10.6.0.0/16',
        desktops: 210,
        accounts: 'AD_CONNECTOR',
        cenId: backbone,
      },
      {
        name: 'Changi crew rooms',
        made: '2023-03-30T08:17Z',
        cidr: '172.24.0.0/16',
        desktops: 24,
        cenId: asiaRetail,
        attach: 'attaching',
      },
      { name: 'Jurong warehouse', made: '2026-10-19T01:33Z', cidr: '172.25.0.0/16', desktops: 0 },
      {
        name: 'Tuas yard',
        made: '2026-11-02T04:56Z',
        cidr: '172.26.0.0/16',
        desktops: 0,
        status: 'REGISTERING',
      },
      {
        name: 'Trial office',
        made: '2024-07-11T06:28Z',
        cidr: '172.27.0.0/16',
        desktops: 0,
        status: 'ERROR',
      },
      {
        name: 'Orchard stores',
        made: '2023-08-23T02:49Z',
        cidr: '10.9.0.0/16',
        desktops: 33,
        cenId: asiaRetail,
      },
      { name: 'Finance partners', made: '2024-01-17T09:10Z', cidr: '10.10.0.0/16', desktops: 15 },
    ],
    'ap-northeast-1': [
      { name: 'Tokyo office', made: '2022-06-15T01:25Z', cidr: '172.29.0.0/16', desktops: 17 },
      { name: 'Osaka counter', made: '2023-04-05T00:48Z', cidr: '172.30.0.0/16', desktops: 4, vpc: 'Basic' },
      {
        name: 'Tokyo AD',
        made: '2024-10-02T03:37Z',
        cidr: '10.7.0.0/16',
        desktops: 0,
        accounts: 'AD_CONNECTOR',
        status: 'NEEDCONFIGTRUST',
      },
    ],
    'eu-central-1': [
      {
        name: 'Frankfurt office',
        made: '2022-09-01T08:02Z',
        cidr: '172.31.0.0/16',
        desktops: 22,
        cenId: backbone,
      },
      { name: 'Munich buyers', made: '2025-02-26T10:14Z', cidr: '10.11.0.0/16', desktops: 6 },
    ],
  },
}

const haigangNetworks: Owner = {
  accountId: haigangGroup.accountId,
  networks: {
    'cn-hangzhou': [
      { name: '滨江总部', made: '2021-04-20T03:15Z', cidr: '172.20.0.0/16', desktops: 86 },
      { name: '客服中心', made: '2021-10-11T06:30Z', cidr: '10.12.0.0/16', desktops: 160 },
      { name: '设计部', made: '2022-03-07T02:44Z', cidr: '172.22.0.0/16', desktops: 21, cenId: trunk },
      { name: '前台', made: '2021-04-20T03:52Z', cidr: '172.18.0.0/16', desktops: 10, vpc: 'Basic' },
      {
        name: '研发实验室',
        made: '2023-01-09T07:06Z',
        cidr: '192.168.96.0/20',
        desktops: 18,
        vpc: 'Customized',
      },
      {
        name: '集团 AD',
        made: '2021-05-12T09:42Z',
        cidr: '10.6.0.0/16',
        desktops: 240,
        accounts: 'AD_CONNECTOR',
        cenId: trunk,
      },
      {
        name: '萧山仓库',
        made: '2023-06-28T01:19Z',
        cidr: '172.24.0.0/16',
        desktops: 14,
        cenId: retailNet,
        attach: 'attaching',
      },
      {
        name: '余杭新址',
        made: '2026-11-03T05:27Z',
        cidr: '172.26.0.0/16',
        desktops: 0,
        status: 'REGISTERING',
      },
      { name: '试用网络', made: '2024-08-15T08:33Z', cidr: '172.27.0.0/16', desktops: 0, status: 'ERROR' },
    ],
    'cn-shanghai': [
      { name: '陆家嘴办公室', made: '2022-05-19T02:08Z', cidr: '172.29.0.0/16', desktops: 40 },
      {
        name: '门店培训',
        made: '2023-09-12T06:51Z',
        cidr: '10.9.0.0/16',
        desktops: 12,
        cenId: retailNet,
      },
      { name: '洋山前台', made: '2024-03-21T07:23Z', cidr: '172.30.0.0/16', desktops: 3, vpc: 'Basic' },
    ],
    'cn-beijing': [
      { name: '北京办事处', made: '2022-12-06T01:36Z', cidr: '172.31.0.0/16', desktops: 15 },
      {
        name: '北京 AD',
        made: '2025-01-14T09:55Z',
        cidr: '10.7.0.0/16',
        desktops: 0,
        accounts: 'AD_CONNECTOR',
        status: 'NEEDCONFIGTRUST',
      },
    ],
  },
}

const venturesNetworks: Owner = {
  accountId: harbourVentures.accountId,
  networks: {
    'ap-southeast-1': [
      { name: 'Ventures office', made: '2024-05-22T03:11Z', cidr: '172.20.0.0/16', desktops: 9 },
      {
        name: 'Ventures guests',
        made: '2024-05-22T03:29Z',
        cidr: '172.18.0.0/16',
        desktops: 2,
        vpc: 'Basic',
      },
    ],
  },
}

/** Accounts that only own a CEN for others to attach to; no test user belongs to them. Their IDs are odd and above 2^53. */
export const cenOwners: readonly MainAccount[] = [
  {
    id: '9134520068812347',
    site: 'international',
    name: 'network@lumenfoods.example',
    company: 'Lumen Foods Co., Ltd.',
    email: 'network@lumenfoods.example',
    phone: '66-810000131',
    enterpriseVerified: true,
    profile: 'enterprise',
  },
  {
    id: '9351074826610093',
    site: 'china',
    name: 'yuanfan_network',
    company: '远帆物流有限公司',
    email: 'network@yuanfan.example',
    phone: '86-10100000131',
    enterpriseVerified: true,
    profile: 'enterprise',
  },
]

/** Routes of another account's CEN. They overlap one network of the site's company (the contact centre), and no other. */
const partnerRoutes = (near: string, far: string): Cen['routes'] => [
  { region: near, cidrBlock: '10.12.64.0/18', nextHop: 'vpc-t4n8w2k6x0q1d5h9r3' },
  { region: near, cidrBlock: '172.16.0.0/16', nextHop: 'vpc-t4n3b7m1z5c9v2y6e8' },
  { region: far, cidrBlock: '192.168.40.0/22', nextHop: 'vbr-g8k2p6s0u4w9a3f7j1' },
]

const ownRoutes = (near: string): Cen['routes'] => [
  { region: near, cidrBlock: '10.4.0.0/16', nextHop: 'vpc-h5j9l3n7q1s6u0w4y8' },
  { region: near, cidrBlock: '192.168.8.0/22', nextHop: 'vpc-h5a2c6e0g4i8k3m7o1' },
]

export const cens: readonly Cen[] = [
  {
    id: backbone,
    ownerId: harbourGroup.accountId,
    name: 'Harbour backbone',
    status: 'Active',
    description: 'Head office and data centres',
    creationTime: '2021-02-03T04:20:11Z',
    routes: ownRoutes('ap-southeast-1'),
  },
  {
    id: asiaRetail,
    ownerId: harbourGroup.accountId,
    name: 'Asia retail',
    status: 'Active',
    description: '',
    creationTime: '2022-10-12T07:45:50Z',
    routes: ownRoutes('ap-southeast-1'),
  },
  {
    id: 'cen-1z7vq3kx5wb9rt0m4d',
    ownerId: harbourGroup.accountId,
    name: 'Europe expansion',
    status: 'Creating',
    description: 'For the Frankfurt region',
    creationTime: '2026-11-04T09:02:37Z',
    routes: [],
  },
  {
    id: trunk,
    ownerId: haigangGroup.accountId,
    name: '海港骨干网',
    status: 'Active',
    description: '总部与数据中心',
    creationTime: '2021-01-18T06:12:08Z',
    routes: ownRoutes('cn-hangzhou'),
  },
  {
    id: retailNet,
    ownerId: haigangGroup.accountId,
    name: '零售专网',
    status: 'Active',
    description: '',
    creationTime: '2022-08-25T02:55:41Z',
    routes: ownRoutes('cn-shanghai'),
  },
  {
    id: 'cen-4c2ye8ua6jg0ph1n7f',
    ownerId: haigangGroup.accountId,
    name: '华北扩容',
    status: 'Creating',
    description: '北京地域',
    creationTime: '2026-11-04T03:18:26Z',
    routes: [],
  },
  {
    id: 'cen-9g5ja1fn7dy3hc6pu4',
    ownerId: harbourVentures.accountId,
    name: 'Ventures core',
    status: 'Active',
    description: '',
    creationTime: '2024-05-20T08:30:15Z',
    routes: ownRoutes('ap-southeast-1'),
  },
  {
    id: 'cen-7ku2w9xq4mz81hvt3e',
    ownerId: '9134520068812347',
    name: 'Lumen supply chain',
    status: 'Active',
    description: '',
    creationTime: '2023-07-06T05:41:29Z',
    routes: partnerRoutes('ap-southeast-1', 'ap-southeast-7'),
  },
  {
    id: 'cen-3bq8n5xr1kt6wz0v9m',
    ownerId: '9351074826610093',
    name: '远帆供应链',
    status: 'Active',
    description: '',
    creationTime: '2023-04-17T03:22:54Z',
    routes: partnerRoutes('cn-hangzhou', 'cn-guangzhou'),
  },
]

/** Every office network of the seed. IDs are the same in every run. */
export function seedNetworks(): OfficeNetwork[] {
  return [harbourNetworks, haigangNetworks, venturesNetworks].flatMap(({ accountId, networks }) =>
    Object.entries(networks).flatMap(([region, list]) =>
      list.map(
        (seed): OfficeNetwork => ({
          id: networkId(region, `${accountId}:${region}:${seed.name}`, seed.made),
          accountId,
          region,
          name: seed.name,
          officeSiteType: seed.accounts ?? 'SIMPLE',
          vpcType: seed.vpc ?? 'Standard',
          status: seed.status ?? 'REGISTERED',
          cidrBlock: seed.cidr,
          desktopCount: seed.desktops,
          creationTime: seed.made,
          ...(seed.cenId !== undefined && { cenId: seed.cenId, attachStatus: seed.attach ?? 'attached' }),
        }),
      ),
    ),
  )
}

/** The vendor changed the format of these IDs; the year is assumed. */
function networkId(region: string, text: string, made: string): string {
  return made < '2023'
    ? `${region}+dir-${charactersFor(text, 10, 'digits')}`
    : `${region}+os-${charactersFor(text, 17, 'all')}`
}
