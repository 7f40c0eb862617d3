/** The sign-in method, as a message key of the sessions and of the connection. */
export const methodWords = {
  access_key: 'accessKey',
  assumed_role: 'role',
  role_session: 'roleSession',
  other: 'otherMethod',
} as const
