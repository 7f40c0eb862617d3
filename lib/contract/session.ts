import * as z from 'zod/mini'
import { audited } from './audited'
import { endpoint } from './endpoint'
import { routes } from './routes'
import { sites } from './site'
import { plainText, tidyText } from './typed-text'

const required = (maxLength: number) =>
  z.string().check(z.minLength(1, 'input.required'), z.maxLength(maxLength, 'input.too_long'))

/** A key as it was pasted. Text that cannot be one is refused here, before Alibaba Cloud is asked. */
function keyText(maxLength: number, wrongCharacters: string) {
  const ascii = z.regex(/^[\x21-\x7e]*$/, wrongCharacters)
  return z.pipe(z.pipe(z.string(), z.transform(tidyText)), required(maxLength).check(ascii))
}

const roleArn = /^acs:ram::(\d{16}):role\/([A-Za-z0-9._-]{1,64})$/i

/** `acs:ram::<account>:role/<name>`. https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole */
const RoleArn = z.pipe(
  z.pipe(z.string(), z.transform(plainText)),
  z.string().check(
    z.regex(roleArn, 'role.not_an_arn'),
    // Typed in capitals, it is still the same role.
    z.overwrite((arn) => arn.replace(roleArn, 'acs:ram::$1:role/$2')),
  ),
)

/** The account a role belongs to, according to its ARN. */
export function accountOfRole(arn: string): string | undefined {
  return roleArn.exec(arn)?.[1]
}

export const SignIn = z
  .object({
    site: audited(z.enum(sites)),
    accessKeyId: keyText(128, 'key.id_characters'),
    accessKeySecret: keyText(256, 'key.secret_characters'),
    securityToken: z.optional(keyText(32_768, 'key.token_characters')),
    roleArn: z.optional(audited(RoleArn)),
  })
  .check(
    // Alibaba Cloud would report it as unknown: a temporary key exists only together with its token.
    z.refine(({ accessKeyId, securityToken }) => securityToken || !accessKeyId.startsWith('STS.'), {
      path: ['securityToken'],
      error: 'key.token_required',
    }),
  )
export type SignIn = z.infer<typeof SignIn>

const SignedIn = z.object({ operatorName: z.string(), hasDirectory: z.boolean() })

export const signIn = endpoint({
  ...routes.signIn,
  input: SignIn,
  output: SignedIn,
})

/** Signs in with a test key of the sandbox, which the server knows. */
export const signInAsPersona = endpoint({
  ...routes.signInAsPersona,
  input: z.object({ persona: audited(required(64)) }),
  output: SignedIn,
})

export const signOut = endpoint({
  ...routes.signOut,
  input: z.object({}),
  output: z.object({}),
})

export const signOutEverywhere = endpoint({
  ...routes.signOutEverywhere,
  input: z.object({}),
  output: z.object({}),
})

/** `other`: one that only a newer version of this console knows. */
const SignInMethod = z.catch(z.enum(['access_key', 'assumed_role', 'role_session', 'other']), 'other')

export const SessionSummary = z.object({
  id: z.string(),
  current: z.boolean(),
  address: z.string(),
  userAgent: z.string(),
  method: SignInMethod,
  createdAt: z.string(),
  lastSeenAt: z.string(),
  endsAt: z.string(),
})
export type SessionSummary = z.infer<typeof SessionSummary>

export const listSessions = endpoint({
  ...routes.listSessions,
  input: z.object({}),
  output: z.object({ sessions: z.array(SessionSummary) }),
})

/** Who is signed in, for the frame around every page. */
export const Me = z.object({
  operatorName: z.string(),
  arn: z.string(),
  accountId: z.string(),
  site: z.enum(sites),
  method: SignInMethod,
  directory: z.nullable(z.object({ id: z.string(), name: z.nullable(z.string()) })),
  /** Seconds until the session ends without activity. */
  secondsLeft: z.number(),
  /** Whether activity extends that time. */
  extendable: z.boolean(),
  /** Seconds until the session ends, regardless of activity. */
  secondsToEnd: z.number(),
  cloud: z.enum(['sandbox', 'alibaba']),
  /** Why nothing can be changed now; null = changes are possible. */
  storage: z.nullable(z.enum(['no_space', 'read_only'])),
})
export type Me = z.infer<typeof Me>

export const getMe = endpoint({
  ...routes.getMe,
  input: z.object({}),
  output: Me,
})

/** The same, requested by a person: the request itself keeps the session alive. */
export const staySignedIn = endpoint({
  ...routes.staySignedIn,
  input: z.object({}),
  output: Me,
})

/** Alibaba Cloud never reports which site an account belongs to: the choice at sign-in can be corrected. */
export const changeSite = endpoint({
  ...routes.changeSite,
  input: z.object({ site: audited(z.enum(sites)) }),
  output: Me,
})
