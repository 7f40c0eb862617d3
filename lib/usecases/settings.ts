import { type Endpoints, endpointOf, operations, operatorPolicy, readOnlyPolicy } from '@/lib/alicloud'
import * as contract from '@/lib/contract/settings'
import { adminsOf, isAdmin } from './authority'
import { query } from './define'
import type { Services } from './services'

/** Settings of this console and this session. Makes no call to Alibaba Cloud. */
export const getSettings = query(contract.getSettings, {
  access: 'session',
  async run(actor) {
    const { session, services } = actor
    const rows = Object.values(operations)
    const products = [...new Set(rows.map((row) => row.product))]
    return {
      roleArn: session.roleArn,
      address: session.address,
      endpoints: products.map((product) => {
        const { endpoint, protocol } = endpointOf(endpointsOf(services), product, actor.site)
        return { product, url: `${protocol.toLowerCase()}://${endpoint}` }
      }),
      session: {
        createdAt: session.createdAt.toISOString(),
        endsAt: session.endsAt.toISOString(),
        idleMinutes: services.config.sessionIdleMinutes,
      },
      admins: { arns: adminsOf(actor), you: isAdmin(actor), proved: actor.userArn !== null },
      policies: { operator: pretty(operatorPolicy()), readOnly: pretty(readOnlyPolicy()) },
      operations: rows,
      jobs: (await services.jobs.states()).map((job) => ({
        ...job,
        lastDoneAt: job.lastDoneAt?.toISOString() ?? null,
      })),
    }
  },
})

function endpointsOf({ sandbox }: Services): Endpoints {
  return sandbox ? { kind: 'sandbox', host: new URL(sandbox.url).host } : { kind: 'alibaba' }
}

function pretty(json: string): string {
  return JSON.stringify(JSON.parse(json), null, 2)
}
