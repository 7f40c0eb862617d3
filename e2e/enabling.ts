import type { SandboxControl } from '../lib/sandbox/index.ts'
import { testApart } from './fixtures'
import { personaOf } from './operators'

/** Long enough for a busy machine to see what is under way, and what is unknown; the sandbox's clock ends both. */
export const inFlightTimeoutSeconds = 60
export const test = testApart({
  MUSTER_CALL_DEADLINE_SECONDS: '8',
  MUSTER_SETTLE_SECONDS: String(inFlightTimeoutSeconds),
})

export const send = 'SendVerificationCodeForEnableRD'
/** Of the real thing; the dry run is another product's. */
export const enable = 'ResourceManager/EnableResourceDirectory'
/** The account without a directory, and what the name of a new management account ends with. */
export const { accountId } = personaOf('no-directory')
export const suffix = '@rdadmin.aliyunid.com'

/** The calls that enable, without the dry runs. */
export async function enablings(cloud: SandboxControl) {
  const calls = await cloud.calls({ operation: 'EnableResourceDirectory' })
  return calls.filter(({ product }) => product === 'ResourceManager')
}

export const sends = (cloud: SandboxControl) => cloud.calls({ operation: send })
