import { expect, test } from 'vitest'
import { endpointOf } from './endpoints'

const alibaba = { kind: 'alibaba' } as const

test('only the directory master has an address per site', () => {
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

test('the sandbox is one address over plain HTTP', () => {
  const sandbox = { kind: 'sandbox', host: '127.0.0.1:4010' } as const
  expect(endpointOf(sandbox, 'Sts', 'china')).toEqual({ endpoint: '127.0.0.1:4010', protocol: 'HTTP' })
})
