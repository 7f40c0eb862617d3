import { isConfirmed } from '@/components/flow/request'
import type { AttachFlow, NetworkRow } from '@/lib/contract/networks'
import { useTranslations } from '@/lib/i18n/translations'
import { useVendorWord } from '@/lib/i18n/vendor-word'

/** Of a network's status. */
export const useStatusWords = () => useVendorWord(useTranslations('networks.status'))

/** Kind and account system of a network in the reader's language; words we do not know are shown as they are. */
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

/** Why this network cannot be attached from here, in a few words; null where it can. */
export function useBlockedReasonWords(): (network: NetworkRow) => string | null {
  const t = useTranslations('networks.blockedReason')
  const statusWords = useStatusWords()
  return ({ blockedReason, status }) => blockedReason && t(blockedReason, { status: statusWords(status) })
}

/** The state that Alibaba Cloud reports while a network is neither in a CEN nor out of it; unknown words as they come. */
export function useChangeWords(): (attachStatus: string | null) => string {
  const t = useTranslations('networks.state')
  return (attachStatus) => {
    // The vendor writes the same word now with a capital letter and now without.
    const known = attachStatus?.toLowerCase()
    if (known === 'attaching' || known === 'detaching') return t(known)
    return attachStatus ?? t('changing')
  }
}

/** The act that this console began and has not ended otherwise, and what it was to bring about; null without one. */
export function actOf({ request, intent }: AttachFlow) {
  const begun = request && ['applying', 'apply_unknown', 'applied'].includes(request.state)
  return begun && intent ? { request, intent } : null
}

/** How it is known that Alibaba Cloud began with this console's act: by its answer, or by a look-up; null without an act. */
export function knownOf(flow: AttachFlow): 'accepted' | 'found' | null {
  const begun = actOf(flow)
  return begun && (isConfirmed(begun.request) ? 'accepted' : 'found')
}
