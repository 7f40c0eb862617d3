// The only door of the emulator. It imports nothing of the rest of the project, on purpose: it must not
// inherit the mistakes of the client it is there to test.
export {
  type AccountOrder,
  connectSandbox,
  type FaultOrder,
  type MemberOrder,
  type SandboxClock,
  type SandboxControl,
  SandboxControlError,
} from './control-client.ts'
export type { CallRecord, Member, Message as SandboxMessage, Persona, Site } from './model.ts'
export { personas } from './personas.ts'
export { type Sandbox, type SandboxOptions, startSandbox } from './server.ts'
export type { ArmedFault, Assumptions } from './state.ts'
