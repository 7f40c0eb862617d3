import type { UseMutationResult } from '@tanstack/react-query'
import type { CodeFlow } from '@/lib/contract/code-flow'

/** A flow as every piece of this folder knows it. */
export type AnyFlow = CodeFlow & { step: string }

/** A change, or a trial, under way or settled; its answer is the matter of whoever made it. */
export type Act<V> = UseMutationResult<unknown, Error, V>
