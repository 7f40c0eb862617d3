import { createCloud, operatorPolicy } from '../lib/alicloud'
import { personas, type SandboxControl } from '../lib/sandbox/index.ts'

/**
 * What somebody else types to sign in: the temporary key of a session of the role that a company's administrators share.
 * The console knows each by the name of their session.
 */
export async function keyOfColleague(cloud: SandboxControl, name: string) {
  const wei = personas.find(({ id }) => id === 'intl-admin')
  if (!wei?.roleArn) throw new Error('the administrator has no role')
  const cloudFor = createCloud({
    endpoints: { kind: 'sandbox', host: new URL(cloud.url).host },
    deadlineMs: 15_000,
    pacer: { pace: async () => 'go', pushBack: async () => {} },
  })
  const administrator = cloudFor({
    credentials: { accessKeyId: wei.keyId, accessKeySecret: wei.secret },
    site: wei.site,
    accountId: wei.accountId,
  })
  const { credentials } = await administrator.assumeRole({
    roleArn: wei.roleArn,
    sessionName: name,
    durationSeconds: 3600,
    policy: operatorPolicy(),
  })
  return { site: wei.site, ...credentials }
}
