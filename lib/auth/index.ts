export { recordFailure, type SigninAttempt, tooManyFailures } from './failures'
export {
  endAllSessions,
  endSession,
  findSession,
  listSessions,
  type NewSession,
  rememberMayList,
  type Session,
  type SessionCredentials,
  type SessionSummary,
  startSession,
  sweepSessions,
} from './sessions'
