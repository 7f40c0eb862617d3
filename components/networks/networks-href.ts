import type { NetworkRow } from '@/lib/contract/networks'

export const networksHref = (region: string) => `/networks?region=${region}`

/** Network IDs contain a `+`, which some URL parsers decode as a space. */
export const attachHref = ({ region, id }: Pick<NetworkRow, 'region' | 'id'>) =>
  `/networks/${region}/${encodeURIComponent(id)}/attach`
