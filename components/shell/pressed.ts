import type { Mutation } from '@tanstack/react-query'

/** Whether a user started it and waits for it; the page makes some calls automatically. */
export function isPressed({ meta }: Pick<Mutation, 'meta'>): boolean {
  return meta?.asked !== 'by the page'
}

/** A filter for mutations: those that a user waits for. */
export const waitedFor = { status: 'pending', predicate: isPressed } as const
