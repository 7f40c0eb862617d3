export { type Attempt, beginAttempt, sweepAttempts, windowMinutes } from './attempts'
export { rememberAccepted, seenAccepted, sweepAcceptedCalls } from './authority'
export { networkOf } from './network'
export {
  adoptDirectory,
  changeSessionSite,
  endAccountSessions,
  endAllSessions,
  endSession,
  findSession,
  listSessions,
  rememberMayList,
  type Session,
  type SessionCredentials,
  sessionLimits,
  startSession,
  sweepSessions,
} from './sessions'
