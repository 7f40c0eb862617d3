import { afterAll, afterEach, beforeAll } from 'vitest'
import {
  connectSandbox,
  type Persona,
  personas,
  type Sandbox,
  type SandboxControl,
  startSandbox,
} from '@/lib/sandbox'
import { type Caller, type Cloud, createCloud, operations } from './index'
import { operationFacts } from './operation-facts.fixture'
import type { OperationName } from './operations'
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

/** Every operation with a valid call. */
export const methods = Object.entries(operationFacts).map(([name, { call }]) => ({
  name: name as OperationName,
  row: operations[name as OperationName],
  run: call,
}))
