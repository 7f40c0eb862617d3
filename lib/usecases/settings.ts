import { type Endpoints, endpointOf, operations, operatorPolicy, readOnlyPolicy } from '@/lib/alicloud'
import * as contract from '@/lib/contract/settings'
import { adminsOf, isAdmin } from './authority'
import type { Services } from './context'
import { query } from './define'

export const getSettings = query(contract.getSettings, {
  access: 'session',
  async run(ctx) {
    const { session, services } = ctx
    const rows = Object.values(operations)
    const products = [...new Set(rows.map((row) => row.product))]
    return {
      roleArn: session.roleArn,
      address: session.address,
      endpoints: products.map((product) => {
        const { endpoint, protocol } = endpointOf(endpointsOf(services), product, session.site)
        return { product, url: `${protocol.toLowerCase()}://${endpoint}` }
      }),
      session: {
        createdAt: session.createdAt.toISOString(),
        endsAt: session.endsAt.toISOString(),
        idleMinutes: services.config.sessionIdleMinutes,
      },
      admins: { arns: adminsOf(ctx), you: isAdmin(ctx), proved: session.userArn !== null },
      policies: { operator: pretty(operatorPolicy()), readOnly: pretty(readOnlyPolicy()) },
      operations: rows,
    }
  },
})

function endpointsOf({ sandbox }: Services): Endpoints {
  return sandbox ? { kind: 'sandbox', host: new URL(sandbox.url).host } : { kind: 'alibaba' }
}

function pretty(json: string): string {
  return JSON.stringify(JSON.parse(json), null, 2)
}
