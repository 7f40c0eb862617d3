import type { NetworkRow } from '@/lib/contract/networks'

export const networksHref = (region: string) => `/networks?region=${region}`

/** Their ids hold a `+`, which some readers of addresses take for a space. */
export const attachHref = ({ region, id }: Pick<NetworkRow, 'region' | 'id'>) =>
  `/networks/${region}/${encodeURIComponent(id)}/attach`
