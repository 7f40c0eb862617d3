import { isConfirmed } from '@/components/flow/request'
import type { AttachFlow, NetworkRow } from '@/lib/contract/networks'
import { useTranslations } from '@/lib/i18n/translations'
import { useVendorWord } from '@/lib/i18n/vendor-word'

/** A network's status as text. */
export const useStatusWords = () => useVendorWord(useTranslations('networks.status'))

/** Kind and account system of a network in the user's language; values we do not know are shown unchanged. */
export function useKindWords(): (network: NetworkRow) => { kind: string; accounts: string } {
  const t = useTranslations('networks')
  return ({ kind, accounts, unknown }) => {
    const wordOf = (what: 'kind' | 'accounts') => unknown.find((one) => one.what === what)?.word
    return {
      kind: wordOf('kind') ?? t(`kind.${kind}`),
      accounts: wordOf('accounts') ?? t(`accounts.${accounts}`),
    }
  }
}

/** Why this network cannot be attached here, in a few words; null if it can be. */
export function useBlockedReasonWords(): (network: NetworkRow) => string | null {
  const t = useTranslations('networks.blockedReason')
  const statusWords = useStatusWords()
  return ({ blockedReason, status }) => blockedReason && t(blockedReason, { status: statusWords(status) })
}

/**
 * The state that Alibaba Cloud reports while a network is being attached or detached; unknown values are
 * shown unchanged.
 */
export function useChangeWords(): (attachStatus: string | null) => string {
  const t = useTranslations('networks.state')
  return (attachStatus) => {
    // The vendor capitalizes these values inconsistently.
    const known = attachStatus?.toLowerCase()
    if (known === 'attaching' || known === 'detaching') return t(known)
    return attachStatus ?? t('changing')
  }
}

/**
 * The operation that this console started and that has not ended otherwise, with its intent; null if there is
 * none.
 */
export function actOf({ request, intent }: AttachFlow) {
  const begun = request && ['applying', 'apply_unknown', 'applied'].includes(request.state)
  return begun && intent ? { request, intent } : null
}

/**
 * How it is known that Alibaba Cloud started this console's operation: from its response, or from a
 * reconciliation; null if there is none.
 */
export function knownOf(flow: AttachFlow): 'accepted' | 'found' | null {
  const begun = actOf(flow)
  return begun && (isConfirmed(begun.request) ? 'accepted' : 'found')
}
