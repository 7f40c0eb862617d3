// The official clients, connected to an emulator on a free port. For tests only.
import * as openapiModule from '@alicloud/openapi-client'
import PopCore from '@alicloud/pop-core'
import * as resourceManagerModule from '@alicloud/resourcemanager20200331'
import * as stsModule from '@alicloud/sts20150401'
import { onTestFinished } from 'vitest'
import {
  connectSandbox,
  type Persona,
  personas,
  type Sandbox,
  type SandboxControl,
  type SandboxOptions,
  startSandbox,
} from '../index.ts'

export interface Key {
  keyId: string
  secret: string
  securityToken?: string
}

/** The packages are CommonJS, so what an import returns depends on the loader. */
function unwrap<T>(module: { default: T }): T {
  const inner = module.default as T & { default?: T }
  return inner.default ?? inner
}

const OpenApiClient = unwrap(openapiModule)
const ResourceManager = unwrap(resourceManagerModule)
const Sts = unwrap(stsModule)

/** Starts an emulator that is closed when the test finishes. */
export async function startForTest(
  options: Partial<SandboxOptions> = {},
): Promise<{ sandbox: Sandbox; control: SandboxControl }> {
  const sandbox = await startSandbox({ port: 0, ...options })
  onTestFinished(() => sandbox.close())
  return { sandbox, control: connectSandbox(sandbox.url) }
}

export function persona(id: Persona['id']): Persona {
  const found = personas.find((known) => known.id === id)
  if (!found) throw new Error(`No persona ${id}`)
  return found
}

function endpoint(sandbox: Sandbox) {
  return { endpoint: `127.0.0.1:${sandbox.port}`, protocol: 'HTTP' }
}

export const versions = {
  Sts: '2015-04-01',
  ResourceManager: '2020-03-31',
  ResourceDirectoryMaster: '2022-04-19',
  ecd: '2020-09-30',
} as const

export type Reply = Record<string, unknown>

/** Calls any operation with the generic client; `generation` selects the signature version. */
export async function call(
  sandbox: Sandbox,
  key: Key,
  name: `${keyof typeof versions}/${string}`,
  query: Record<string, string> = {},
  options: { generation?: 'v2' | 'v3'; timeoutMs?: number; body?: Record<string, string> } = {},
): Promise<Reply> {
  const [product, action = ''] = name.split('/')
  const timeout = options.timeoutMs ?? 10_000
  const client = new OpenApiClient(
    new openapiModule.Config({
      ...endpoint(sandbox),
      accessKeyId: key.keyId,
      accessKeySecret: key.secret,
      securityToken: key.securityToken,
      ...(options.generation === 'v2' && { signatureAlgorithm: 'v2' }),
    }),
  )
  const params = {
    action,
    version: versions[product as keyof typeof versions],
    protocol: 'HTTP',
    pathname: '/',
    method: 'POST',
    authType: 'AK',
    style: 'RPC',
    reqBodyType: 'formData',
    bodyType: 'json',
  }
  const reply = await client.callApi(
    new openapiModule.Params(params),
    new openapiModule.OpenApiRequest({ query, body: options.body }),
    { readTimeout: timeout, connectTimeout: timeout } as never,
  )
  return reply.body
}

export function resourceManager(sandbox: Sandbox, key: Key) {
  return new ResourceManager({
    ...endpoint(sandbox),
    accessKeyId: key.keyId,
    accessKeySecret: key.secret,
    securityToken: key.securityToken,
  } as never)
}

export function sts(sandbox: Sandbox, key: Key) {
  return new Sts({
    ...endpoint(sandbox),
    accessKeyId: key.keyId,
    accessKeySecret: key.secret,
    securityToken: key.securityToken,
  } as never)
}

export function popCore(sandbox: Sandbox, key: Key, product: keyof typeof versions) {
  return new PopCore({
    endpoint: sandbox.url,
    apiVersion: versions[product],
    accessKeyId: key.keyId,
    accessKeySecret: key.secret,
    securityToken: key.securityToken,
  } as PopCore.Config)
}

export interface Refusal {
  code: string
  status: number
  message: string
  detail: Record<string, unknown>
}

/** Returns the error of a call; throws if the call succeeds. */
export async function refusal(promise: Promise<unknown>): Promise<Refusal> {
  const error = await promise.then(
    () => {
      throw new Error('The call was not refused.')
    },
    (reason: unknown) => reason,
  )
  const { code, statusCode, data, accessDeniedDetail } = error as {
    code?: string
    statusCode?: number
    data?: { Message?: string; statusCode?: number }
    accessDeniedDetail?: Record<string, unknown>
  }
  if (code === undefined) throw error
  return {
    code,
    status: statusCode ?? 0,
    message: data?.Message ?? '',
    detail: accessDeniedDetail ?? {},
  }
}

/** Requests a code for a member's phone, and reads it from the inbox. */
export async function sendCode(
  sandbox: Sandbox,
  control: SandboxControl,
  accountId: string,
  phone: string,
  key: Key = persona('intl-admin'),
): Promise<string> {
  await call(sandbox, key, 'ResourceManager/SendVerificationCodeForBindSecureMobilePhone', {
    AccountId: accountId,
    SecureMobilePhone: phone,
  })
  const [message] = await control.messages({ accountId })
  if (!message) throw new Error('No message arrived.')
  return message.code
}

export function bind(
  sandbox: Sandbox,
  accountId: string,
  phone: string,
  code: string,
  key: Key = persona('intl-admin'),
): Promise<Reply> {
  return call(sandbox, key, 'ResourceManager/BindSecureMobilePhone', {
    AccountId: accountId,
    SecureMobilePhone: phone,
    VerificationCode: code,
  })
}

/** Adds one member to the international directory and returns its account ID. */
export async function newMember(control: SandboxControl, order = {}): Promise<string> {
  const [accountId] = await control.addMembers('international', [order])
  if (accountId === undefined) throw new Error('No member was added.')
  return accountId
}
