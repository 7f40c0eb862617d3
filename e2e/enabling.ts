import type { SandboxControl } from '../lib/sandbox/index.ts'
import { testOnOwnConsole } from './fixtures'
import { personaOf } from './operators'

/** Long enough for a busy machine to see calls in flight and unknown outcomes; the sandbox's clock ends both. */
export const inFlightTimeoutSeconds = 60
export const test = testOnOwnConsole({
  MUSTER_CALL_DEADLINE_SECONDS: '8',
  MUSTER_SETTLE_SECONDS: String(inFlightTimeoutSeconds),
})

export const send = 'SendVerificationCodeForEnableRD'
/** The real operation; the dry run is another product's. */
export const enable = 'ResourceManager/EnableResourceDirectory'
/** The account without a directory, and the suffix of a new management account's name. */
export const { accountId } = personaOf('no-directory')
export const suffix = '@rdadmin.aliyunid.com'

/** The calls that enable, without the dry runs. */
export async function enablings(cloud: SandboxControl) {
  const calls = await cloud.calls({ operation: 'EnableResourceDirectory' })
  return calls.filter(({ product }) => product === 'ResourceManager')
}

export const sends = (cloud: SandboxControl) => cloud.calls({ operation: send })
