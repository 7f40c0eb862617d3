import type { Region } from '@/lib/contract/networks'

export interface KnownRegions {
  regions: Region[]
  /** The default region. */
  first: string
}

/**
 * The region to show: the one in the URL, else the one this browser showed last, else the first of the site.
 * @returns `unknown`: a region in the URL that does not exist
 */
export function chooseRegion(
  { regions, first }: KnownRegions,
  wanted: unknown,
  remembered: string | undefined,
): { region: Region; unknown: string | null } {
  const find = (id: unknown) => regions.find((region) => region.id === id)
  const asked = find(wanted)
  const unknown = !asked && typeof wanted === 'string' && wanted !== '' ? wanted.slice(0, 60) : null
  const region = asked ?? find(remembered) ?? find(first) ?? regions[0] ?? { id: first, name: first }
  return { region, unknown }
}
