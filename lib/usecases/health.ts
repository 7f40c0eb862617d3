import { sql } from 'drizzle-orm'
import * as contract from '@/lib/contract/health'
import { query } from './define'

export const getHealth = query(contract.getHealth, {
  access: 'public',
  async run({ services }) {
    await services.db.execute(sql`select 1`)
    return { ok: true as const }
  },
})
