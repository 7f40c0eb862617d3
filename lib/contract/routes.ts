import type { Endpoint } from './endpoint'

type Route = Pick<Endpoint, 'method' | 'path' | 'polling'>

/**
 * Method and path of each endpoint, apart from its schemas: a screen that only reads loads these few lines,
 * not a validator. `:name` in a path is filled from the input's field of that name. `polling` = called by a
 * timer, not by a person: does not keep the session alive.
 */
export const routes = {
  getHealth: { method: 'GET', path: '/api/health' },
  getReady: { method: 'GET', path: '/api/ready' },

  signIn: { method: 'POST', path: '/api/session' },
  signInAsPersona: { method: 'POST', path: '/api/session/persona' },
  signOut: { method: 'DELETE', path: '/api/session' },
  signOutEverywhere: { method: 'DELETE', path: '/api/sessions' },
  listSessions: { method: 'GET', path: '/api/sessions' },
  getMe: { method: 'GET', path: '/api/session', polling: true },
  staySignedIn: { method: 'POST', path: '/api/session/stay' },
  changeSite: { method: 'POST', path: '/api/session/site' },

  getSettings: { method: 'GET', path: '/api/settings' },

  listMembers: { method: 'GET', path: '/api/members', polling: true },
  readPhones: { method: 'POST', path: '/api/members/phones', polling: true },
  refreshMembers: { method: 'POST', path: '/api/members/refresh' },
  getMember: { method: 'GET', path: '/api/members/:memberId' },
  getPayer: { method: 'GET', path: '/api/members/:memberId/payer' },
  rereadMember: { method: 'POST', path: '/api/members/:memberId/read' },

  getBindFlow: { method: 'GET', path: '/api/members/:memberId/phone', polling: true },
  checkNumber: { method: 'POST', path: '/api/members/:memberId/phone/check', polling: true },
  sendCode: { method: 'POST', path: '/api/members/:memberId/phone/code' },
  discardCode: { method: 'POST', path: '/api/members/:memberId/phone/discard' },
  bindPhone: { method: 'POST', path: '/api/members/:memberId/phone' },
  reconcilePhone: { method: 'POST', path: '/api/members/:memberId/phone/reconcile' },

  getEnableFlow: { method: 'GET', path: '/api/directory/enable', polling: true },
  sendEnableCode: { method: 'POST', path: '/api/directory/enable/code' },
  discardEnableCode: { method: 'POST', path: '/api/directory/enable/discard' },
  tryEnable: { method: 'POST', path: '/api/directory/enable/dry-run' },
  enableDirectory: { method: 'POST', path: '/api/directory/enable' },
  reconcileDirectory: { method: 'POST', path: '/api/directory/enable/reconcile' },

  listRegions: { method: 'GET', path: '/api/regions' },
  listNetworks: { method: 'GET', path: '/api/networks/:region' },
  listCens: { method: 'GET', path: '/api/regions/:region/cens' },
  getAttachFlow: { method: 'GET', path: '/api/networks/:region/:networkId', polling: true },
  sendCenCode: { method: 'POST', path: '/api/networks/:region/:networkId/code' },
  discardCenRequest: { method: 'POST', path: '/api/networks/:region/:networkId/discard' },
  checkCen: { method: 'POST', path: '/api/networks/:region/:networkId/check' },
  attachNetwork: { method: 'POST', path: '/api/networks/:region/:networkId/attach' },
  detachNetwork: { method: 'POST', path: '/api/networks/:region/:networkId/detach' },
  reconcileNetwork: { method: 'POST', path: '/api/networks/:region/:networkId/reconcile' },

  getInbox: { method: 'GET', path: '/api/sandbox/messages', polling: true },
  getSandbox: { method: 'GET', path: '/api/sandbox', polling: true },
  armFault: { method: 'POST', path: '/api/sandbox/faults' },
  disarmFault: { method: 'DELETE', path: '/api/sandbox/faults/:id' },
  advanceClock: { method: 'POST', path: '/api/sandbox/clock' },
  resetSandbox: { method: 'POST', path: '/api/sandbox/reset' },
} as const satisfies Record<string, Route>

export type RouteName = keyof typeof routes
