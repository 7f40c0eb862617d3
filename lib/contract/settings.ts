import * as z from 'zod/mini'
import { endpoint } from './endpoint'
import { routes } from './routes'

const Operation = z.object({
  product: z.string(),
  version: z.string(),
  operation: z.string(),
  ramAction: z.nullable(z.string()),
  limitPerSecond: z.number(),
  kind: z.enum(['read', 'idempotent', 'once']),
})
export type Operation = z.infer<typeof Operation>

/** What the console does by itself, across all accounts. */
const Job = z.object({
  name: z.enum(['settleRequests', 'tidyUp']),
  /** `failed`: given up for now. `behind`: more is waiting than expected. */
  state: z.enum(['idle', 'running', 'behind', 'failed']),
  waiting: z.number(),
  lastDoneAt: z.nullable(z.string()),
})
export type Job = z.infer<typeof Job>

/** What the settings page shows beside `Me`; nothing in it is a secret. */
export const Settings = z.object({
  roleArn: z.nullable(z.string()),
  address: z.string(),
  endpoints: z.array(z.object({ product: z.string(), url: z.string() })),
  session: z.object({
    createdAt: z.string(),
    endsAt: z.string(),
    /** The session ends sooner after this long without activity. */
    idleMinutes: z.number(),
  }),
  /** The administrators of this console: ARNs of RAM users of this account. */
  admins: z.object({
    arns: z.array(z.string()),
    /** The signed-in operator is one of them. */
    you: z.boolean(),
    /** Whether the session proves which RAM user is signed in. */
    proved: z.boolean(),
  }),
  /** JSON, as the RAM console accepts it. */
  policies: z.object({ operator: z.string(), readOnly: z.string() }),
  operations: z.array(Operation),
  jobs: z.array(Job),
})
export type Settings = z.infer<typeof Settings>

export const getSettings = endpoint({
  ...routes.getSettings,
  input: z.object({}),
  output: Settings,
})
