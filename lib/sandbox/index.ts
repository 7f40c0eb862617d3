// The emulator's only entry point. The emulator deliberately imports nothing from the rest of the project, so that it
// can't inherit the mistakes of the client it tests.
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
