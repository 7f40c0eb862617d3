import { StartupFault } from './startup-fault.ts'

const example = 'DATABASE_URL=postgres://muster:password@db.example.com:5432/muster'

/**
 * Parses a PostgreSQL connection URL.
 * @throws {StartupFault} without the text, of which any part may be the password
 */
export function parsePostgresUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  // Behind the host, an @ is what is left of `user:password@host` when the password has a character that ends a host.
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
