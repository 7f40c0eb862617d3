export { rememberAccepted, seenAccepted, sweepAcceptedCalls } from './authority'
export { countAttempt, forgetAttempt, sweepAttempts, windowMinutes } from './failures'
export {
  adoptDirectory,
  endAccountSessions,
  endAllSessions,
  endSession,
  findSession,
  listSessions,
  rememberMayList,
  type Session,
  type SessionCredentials,
  startSession,
  sweepSessions,
} from './sessions'
