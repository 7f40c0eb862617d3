import type { ShownError } from '@/lib/contract/errors'

/** What support asks for: Alibaba Cloud's error code and RequestId, or those of the console if no call failed. */
export function supportFactsOf({ code, requestId, upstream }: ShownError) {
  return { code: upstream?.code ?? code, requestId: upstream?.requestId ?? requestId }
}
