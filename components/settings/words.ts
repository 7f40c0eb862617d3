/** How somebody signed in, as a key of the messages of the sessions and of the connection. */
export const methodWords = {
  access_key: 'accessKey',
  assumed_role: 'role',
  role_session: 'roleSession',
  other: 'otherMethod',
} as const
