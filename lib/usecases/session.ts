import {
  changeSessionSite,
  endAllSessions,
  endSession,
  listSessions as listSessionRows,
  sessionLimits,
} from '@/lib/auth'
import * as contract from '@/lib/contract/session'
import { syncState } from '@/lib/mirror'
import type { Operator } from './actor'
import { mutation, query } from './define'
import { WithEffect } from './effect'

/** Ends this session. */
export const signOut = mutation(contract.signOut, {
  access: 'session',
  action: 'session.sign_out',
  evenWithoutSpace: true,
  async run(actor) {
    await endSession(actor.services.db, actor.session.id)
    return new WithEffect({}, { kind: 'endSession' })
  },
})

/** Ends every session of this operator. For a role session from elsewhere, only this one. */
export const signOutEverywhere = mutation(contract.signOutEverywhere, {
  access: 'session',
  action: 'session.sign_out_everywhere',
  evenWithoutSpace: true,
  async run(actor) {
    await endAllSessions(actor.services.db, actor.session)
    return new WithEffect({}, { kind: 'endSession' })
  },
})

/** The sessions of this operator. For a role session from elsewhere, only this one. */
export const listSessions = query(contract.listSessions, {
  access: 'session',
  async run(actor) {
    const { config, db } = actor.services
    const rows = await listSessionRows(db, actor.session, sessionLimits(config))
    return {
      sessions: rows.map((row) => ({
        ...row,
        current: row.id === actor.session.id,
        createdAt: row.createdAt.toISOString(),
        lastSeenAt: row.lastSeenAt.toISOString(),
        endsAt: row.endsAt.toISOString(),
      })),
    }
  },
})

/** The signed-in operator and the remaining session time. */
export const getMe = query(contract.getMe, { access: 'session', run: me })

/** Like `getMe`, but its route extends the session. */
export const staySignedIn = query(contract.staySignedIn, { access: 'session', run: me })

/** Corrects the site chosen at sign-in, for this session only. */
export const changeSite = mutation(contract.changeSite, {
  access: 'session',
  action: 'session.change_site',
  async run(actor, { site }) {
    const { services, session } = actor
    await changeSessionSite(services.db, session.id, site)
    return me({ ...actor, site, session: { ...session, site } })
  },
})

async function me({ session, services }: Operator): Promise<contract.Me> {
  const { idle, end } = session.secondsLeft
  const { name } = session.directoryId ? await syncState(services.db, session.accountId) : { name: null }
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
