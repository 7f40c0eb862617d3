import { expect, test } from 'vitest'
import { ecdRegions, endpointOf, isRegion } from './endpoints'

const alibaba = { kind: 'alibaba' } as const

test('only ResourceDirectoryMaster has a host per site', () => {
  expect(endpointOf(alibaba, 'ResourceDirectoryMaster', 'international').endpoint).toBe(
    'resourcedirectory-intl.aliyuncs.com',
  )
  expect(endpointOf(alibaba, 'ResourceDirectoryMaster', 'china').endpoint).toBe(
    'resourcedirectory.aliyuncs.com',
  )
  for (const site of ['international', 'china'] as const) {
    expect(endpointOf(alibaba, 'Sts', site)).toEqual({ endpoint: 'sts.aliyuncs.com', protocol: 'HTTPS' })
    expect(endpointOf(alibaba, 'ResourceManager', site).endpoint).toBe('resourcemanager.aliyuncs.com')
  }
})

test('only ecd has a host per region, the same for both sites', () => {
  for (const site of ['international', 'china'] as const) {
    expect(endpointOf(alibaba, 'ecd', site, 'cn-shanghai-finance-1')).toEqual({
      endpoint: 'ecd.cn-shanghai-finance-1.aliyuncs.com',
      protocol: 'HTTPS',
    })
    expect(endpointOf(alibaba, 'ecd', site).endpoint).toBe('ecd.<region>.aliyuncs.com')
    expect(endpointOf(alibaba, 'Sts', site, 'cn-shanghai').endpoint).toBe('sts.aliyuncs.com')
  }
})

test.each([
  '',
  'a',
  'ap',
  'AP-southeast-1',
  'ap_southeast_1',
  'ap-southeast-1.evil.example',
  'ap-southeast-1/',
  'ap-southeast-1#',
  'ap-southeast-1@evil.example',
  'ap-southeast-1\n',
  'ap--1',
  '-ap-1',
  'ap-southeast-1-',
  'ap-söutheast-1',
  'ap-a-b-c-d-e',
  `ap-${'a'.repeat(60)}`,
])('%j is not a region and does not become part of a host name', (region) => {
  expect(isRegion(region)).toBe(false)
  expect(() => endpointOf(alibaba, 'ecd', 'china', region)).toThrow('not a region')
})

test('the fallback regions are well-formed, and include the first region of each site', () => {
  expect(ecdRegions.ids.filter((id) => !isRegion(id))).toEqual([])
  expect(new Set(ecdRegions.ids).size).toBe(ecdRegions.ids.length)
  expect(ecdRegions.first).toEqual({ international: 'ap-southeast-1', china: 'cn-hangzhou' })
  for (const first of Object.values(ecdRegions.first)) expect(ecdRegions.ids).toContain(first)
})

test('the sandbox has one address, over plain HTTP', () => {
  const sandbox = { kind: 'sandbox', host: '127.0.0.1:4010' } as const
  expect(endpointOf(sandbox, 'Sts', 'china')).toEqual({ endpoint: '127.0.0.1:4010', protocol: 'HTTP' })
  expect(endpointOf(sandbox, 'ecd', 'china', 'cn-shanghai').endpoint).toBe('127.0.0.1:4010')
})
