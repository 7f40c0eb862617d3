import * as contract from '@/lib/contract/health'
import { query } from './define'

/** That the process answers, and no more: it need not be replaced because its database or disk fails. */
export const getHealth = query(contract.getHealth, {
  access: 'public',
  run: async () => ({ ok: true as const }),
})
