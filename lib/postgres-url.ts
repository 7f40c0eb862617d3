import { StartupFault } from './startup-fault.ts'

const example = 'DATABASE_URL=postgres://muster:password@db.example.com:5432/muster'

/**
 * Parses a PostgreSQL connection URL.
 * @throws {StartupFault} without the URL, since any part of it may be the password
 */
export function parsePostgresUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  // An @ after the host is left over from `user:password@host` if the password has a character that ends the host.
  const cut = url && /@/.test(url.pathname + url.search + url.hash)
  if (cut || (!url && /[/?#].*@/.test(text.replace(/^\w+:\/\//, '')))) {
    throw new StartupFault(
      'DATABASE_URL',
      'a user or password in it has a character that must be percent-encoded: / as %2F, ? as %3F, # as %23, @ as %40',
      'DATABASE_URL=postgres://muster:pass%2Fword@db.example.com:5432/muster',
    )
  }
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new StartupFault('DATABASE_URL', 'it is not a PostgreSQL connection URL', example)
  }
  return url
}
