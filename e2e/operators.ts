import { createCloud, operatorPolicy } from '../lib/alicloud'
import { type Persona, personas, type SandboxControl } from '../lib/sandbox/index.ts'

/**
 * What a colleague enters to sign in: the temporary key of a session of the role that a company's administrators share.
 * The console identifies each of them by their session name.
 */
export async function keyOfColleague(cloud: SandboxControl, name: string) {
  const wei = personaOf('intl-admin')
  if (!wei.roleArn) throw new Error('the administrator has no role')
  const { credentials } = await cloudAs(cloud, wei).assumeRole({
    roleArn: wei.roleArn,
    sessionName: name,
    durationSeconds: 3600,
    policy: operatorPolicy(),
  })
  return { site: wei.site, ...credentials }
}

/**
 * Enables a directory for the company without one, outside the console.
 * @param accountName of the new management account; if omitted, the company's own account becomes it
 */
export async function enableElsewhere(cloud: SandboxControl, accountName?: string): Promise<void> {
  const oliver = cloudAs(cloud, personaOf('no-directory'))
  if (!accountName) return void (await oliver.enableDirectory({ mode: 'current' }))
  const phone = '65-91230077'
  await oliver.sendEnableCode({ phone })
  const [message] = await cloud.messages({ to: phone })
  await oliver.enableDirectory({ mode: 'new', accountName, phone, code: message?.code ?? '' })
}

export function personaOf(id: Persona['id']): Persona {
  const persona = personas.find((one) => one.id === id)
  if (!persona) throw new Error(`no such persona: ${id}`)
  return persona
}

function cloudAs(cloud: SandboxControl, { keyId, secret, site, accountId }: Persona) {
  const cloudFor = createCloud({
    endpoints: { kind: 'sandbox', host: new URL(cloud.url).host },
    deadlineMs: 15_000,
    pacer: { pace: async () => 'go', pushBack: async () => {} },
  })
  return cloudFor({ credentials: { accessKeyId: keyId, accessKeySecret: secret }, site, accountId })
}
