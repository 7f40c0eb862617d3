import {
  changeSessionSite,
  endAllSessions,
  endSession,
  listSessions as listSessionRows,
  sessionLimits,
} from '@/lib/auth'
import * as contract from '@/lib/contract/session'
import { readingState } from '@/lib/mirror'
import type { Context } from './context'
import { mutation, query } from './define'

export const signOut = mutation(contract.signOut, {
  access: 'session',
  action: 'session.sign_out',
  evenWithoutSpace: true,
  async run(ctx) {
    await endSession(ctx.services.db, ctx.session.id)
    ctx.cookie.clear()
    return {}
  },
})

export const signOutEverywhere = mutation(contract.signOutEverywhere, {
  access: 'session',
  action: 'session.sign_out_everywhere',
  evenWithoutSpace: true,
  async run(ctx) {
    await endAllSessions(ctx.services.db, ctx.session)
    ctx.cookie.clear()
    return {}
  },
})

export const listSessions = query(contract.listSessions, {
  access: 'session',
  async run(ctx) {
    const { config, db } = ctx.services
    const rows = await listSessionRows(db, ctx.session, sessionLimits(config))
    return {
      sessions: rows.map((row) => ({
        ...row,
        current: row.id === ctx.session.id,
        createdAt: row.createdAt.toISOString(),
        lastSeenAt: row.lastSeenAt.toISOString(),
        endsAt: row.endsAt.toISOString(),
      })),
    }
  },
})

export const getMe = query(contract.getMe, { access: 'session', run: me })

export const staySignedIn = query(contract.staySignedIn, { access: 'session', run: me })

export const changeSite = mutation(contract.changeSite, {
  access: 'session',
  action: 'session.change_site',
  async run(ctx, { site }) {
    const { services, session } = ctx
    await changeSessionSite(services.db, session.id, site)
    return me({ ...ctx, session: { ...session, site } })
  },
})

async function me({ session, services }: Context): Promise<contract.Me> {
  const { idle, end } = session.secondsLeft
  const { name } = session.directoryId ? await readingState(services.db, session.accountId) : { name: null }
  return {
    operatorName: session.operatorName,
    arn: session.arn,
    accountId: session.accountId,
    site: session.site,
    method: session.method,
    directory: session.directoryId ? { id: session.directoryId, name } : null,
    secondsLeft: Math.floor(Math.min(idle, end)),
    extendable: idle < end,
    secondsToEnd: Math.floor(end),
    cloud: services.config.cloud,
    storage: await services.storage.blocked(),
  }
}
