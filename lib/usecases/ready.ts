import * as contract from '@/lib/contract/health'
import { query } from './define'

/** Whether this process can serve requests, and if not, why. Never throws. */
export const getReady = query(contract.getReady, {
  access: 'public',
  async run({ services }) {
    if (services.work.shutdown.aborted) return { ready: false, reason: 'shutting_down' as const }
    const reason = await services.storage.unready()
    return reason ? { ready: false, reason } : { ready: true }
  },
})
