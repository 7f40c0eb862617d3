import { afterAll, afterEach, beforeAll } from 'vitest'
import {
  connectSandbox,
  type Persona,
  personas,
  type Sandbox,
  type SandboxControl,
  startSandbox,
} from '@/lib/sandbox'
import { type Caller, type Cloud, createCloud, operations, operatorPolicy } from './index'
import { openPacer } from './wire.fixture'

export function persona(id: Persona['id']): Persona {
  const found = personas.find((one) => one.id === id)
  if (!found) throw new Error(`no persona ${id}`)
  return found
}

/** A sandbox for the tests of a file, reset after each. */
export function sandboxOfTests() {
  let sandbox: Sandbox
  let control: SandboxControl

  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, limits: false })
    control = connectSandbox(sandbox.url)
  })
  afterEach(() => control.reset())
  afterAll(() => sandbox.close())

  function cloudAs(caller: Caller, deadlineMs = 5000): Cloud {
    return createCloud({
      endpoints: { kind: 'sandbox', host: `127.0.0.1:${sandbox.port}` },
      deadlineMs,
      pacer: openPacer().pacer,
    })(caller)
  }

  return {
    get control() {
      return control
    },
    cloudAs,
    cloudFor({ keyId, secret, site, accountId }: Omit<Persona, 'id' | 'kind'>, deadlineMs?: number): Cloud {
      const credentials = { accessKeyId: keyId, accessKeySecret: secret }
      return cloudAs({ credentials, site, accountId }, deadlineMs)
    },
    /** The latest code sent there, as its recipient would read it. */
    async codeSentTo(to: string): Promise<string> {
      const [message] = await control.messages({ to })
      if (!message) throw new Error(`nothing was sent to ${to}`)
      return message.code
    },
    async callsOf(operation: string): Promise<string[]> {
      return (await control.calls({ operation })).map((call) => call.outcome)
    },
  }
}

/** A different code. */
export function wrongFor(code: string): string {
  return code === '000000' ? '000001' : '000000'
}

const region = 'ap-southeast-1'
const cenId = 'cen-0000000000'
const ownerId = '1999999999999999'
const networkId = `${region}+dir-0000000000`
const member = { memberId: '1999999999999999', phone: '65-91230017' }

/** Every method once, with arguments valid enough to be sent. */
const everyCall: Record<keyof Cloud, (cloud: Cloud) => Promise<unknown>> = {
  callerIdentity: (cloud) => cloud.callerIdentity(),
  assumeRole: (cloud) =>
    cloud.assumeRole({
      roleArn: persona('intl-admin').roleArn ?? '',
      sessionName: 'somebody',
      durationSeconds: 900,
      policy: operatorPolicy(),
    }),
  directory: (cloud) => cloud.directory(),
  listMembers: (cloud) => cloud.listMembers({ page: 1 }),
  listFolders: (cloud) => cloud.listFolders({ parentId: null, page: 1 }),
  member: (cloud) => cloud.member(member.memberId),
  sendBindCode: (cloud) => cloud.sendBindCode(member),
  bindPhone: (cloud) => cloud.bindPhone({ ...member, code: '123456' }),
  sendEnableCode: (cloud) => cloud.sendEnableCode({ phone: member.phone }),
  enableDirectory: (cloud) => cloud.enableDirectory({ mode: 'current' }),
  tryEnableDirectory: (cloud) => cloud.tryEnableDirectory({ mode: 'current' }),
  listRegions: (cloud) => cloud.listRegions({ region, language: 'en' }),
  listNetworks: (cloud) => cloud.listNetworks({ region }),
  listCens: (cloud) => cloud.listCens({ region }),
  sendCenCode: (cloud) => cloud.sendCenCode({ region, cenId, ownerId }),
  verifyCen: (cloud) =>
    cloud.verifyCen({ region, cenId, ownerId, cidrBlock: '172.28.0.0/16', code: '123456' }),
  attachCen: (cloud) => cloud.attachCen({ region, networkId, cenId, ownerId, code: '123456' }),
  detachCen: (cloud) => cloud.detachCen({ region, networkId }),
}
export const methods = Object.entries(everyCall).map(([name, run]) => ({
  run,
  row: operations[name as keyof Cloud],
}))
