import * as sdk from '@alicloud/openapi-client'
import * as z from 'zod/mini'
import type { Site } from '@/lib/contract/site'
import type { Credentials } from './answers'
import { type CallFacts, classify, notSent, notUnderstood, silent } from './classify'
import { type Endpoints, endpointOf } from './endpoints'
import { type OperationName, operations } from './operations'

export interface Caller {
  credentials: Credentials
  site: Site
  /** Limits are per account; null before it is known. */
  accountId: string | null
  /** The caller's display name, once known: Alibaba Cloud may name a RAM user only by its numeric id. */
  name?: string
  /** Called right after a call other than a read was accepted. */
  onAccepted?(name: OperationName): void
}

export interface Request<T> {
  name: OperationName
  /** The region to call; only for regional products. */
  region?: string
  query: Record<string, string>
  answer: z.ZodMiniType<T>
  /** Query values that no error may contain. */
  secrets?: readonly string[]
}

interface ApiClient {
  callApi(
    params: Record<string, string>,
    request: { query: Record<string, string> },
    runtime: { readTimeout: number; connectTimeout: number },
  ): Promise<unknown>
}

// The package is CommonJS: depending on the loader, its default export is the class or a namespace around it.
// Its types require instances of its own classes, but plain objects work, hence the looser type.
const outer = sdk as unknown as { default?: { default?: unknown } }
const Client = (outer.default?.default ?? outer.default) as new (config: object) => ApiClient

const common = {
  protocol: 'HTTPS',
  pathname: '/',
  method: 'POST',
  authType: 'AK',
  style: 'RPC',
  reqBodyType: 'formData',
  bodyType: 'json',
}

const overdue = Symbol('overdue')

/** One attempt: sends the call and reads the response within `limitMs`, or throws a `CloudError`. */
export async function send<T>(
  endpoints: Endpoints,
  caller: Caller,
  request: Request<T>,
  facts: CallFacts,
  limitMs: number,
): Promise<T> {
  const operation = operations[request.name]
  const client = clientFor(endpoints, caller, request, facts)
  let reply: unknown
  try {
    reply = await within(
      limitMs,
      client.callApi(
        { ...common, action: operation.operation, version: operation.version },
        { query: request.query },
        // With different values the SDK loses one of its timers; neither covers a body that trickles in.
        { readTimeout: limitMs, connectTimeout: limitMs },
      ),
    )
  } catch (error) {
    throw classify(error, facts)
  }
  if (reply === overdue) throw silent(facts)
  return read(reply, request, facts)
}

/** One client per call is cheap: connections are shared by the whole process. */
function clientFor<T>(
  endpoints: Endpoints,
  { credentials, site }: Caller,
  { name, region }: Request<T>,
  facts: CallFacts,
): ApiClient {
  const { accessKeyId, accessKeySecret, securityToken } = credentials
  const type = securityToken ? 'sts' : 'access_key'
  try {
    return new Client({
      ...endpointOf(endpoints, operations[name].product, site, region),
      userAgent: 'muster',
      credential: { getCredential: async () => ({ type, accessKeyId, accessKeySecret, securityToken }) },
    })
  } catch (error) {
    throw notSent(facts, error)
  }
}

/** If the limit wins, the request continues: its outcome is unknown. */
function within<T>(limitMs: number, promise: Promise<T>): Promise<T | typeof overdue> {
  let timer: NodeJS.Timeout
  const limit = new Promise<typeof overdue>((resolve) => {
    timer = setTimeout(() => resolve(overdue), limitMs)
  })
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer))
}

const RequestId = z.catch(z.optional(z.string().check(z.regex(/^[\w-]{1,64}$/))), undefined)
const AnyReply = z.object({ body: z.looseObject({ RequestId: z.unknown() }) })
/** No operation here documents these two fields for a success: a 200 with either of them is not one. */
const NoFailure = z.object({ Code: z.optional(z.undefined()), Success: z.optional(z.literal(true)) })

function read<T>(reply: unknown, request: Request<T>, facts: CallFacts): T {
  const body = AnyReply.safeParse(reply).data?.body
  const answer = request.answer.safeParse(body)
  if (answer.success && NoFailure.safeParse(body).success) return answer.data
  throw notUnderstood(facts, { status: 200 }, { requestId: RequestId.parse(body?.RequestId) })
}
