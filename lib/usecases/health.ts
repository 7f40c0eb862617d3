import * as contract from '@/lib/contract/health'
import { query } from './define'

/** Reports only that the process responds: a database or disk failure is no reason to replace the process. */
export const getHealth = query(contract.getHealth, {
  access: 'public',
  run: async () => ({ ok: true as const }),
})
