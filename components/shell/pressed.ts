import type { Mutation } from '@tanstack/react-query'

/** Whether somebody asked for it by a press, and waits for it; the page asks for some things by itself. */
export function isPressed({ meta }: Pick<Mutation, 'meta'>): boolean {
  return meta?.asked !== 'by the page'
}

/** For whatever looks at the mutations: what somebody waits for. */
export const waitedFor = { status: 'pending', predicate: isPressed } as const
