export { countAttempt, forgetAttempt, sweepAttempts, windowMinutes } from './failures'
export {
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
