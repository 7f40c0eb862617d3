import { isIP } from 'node:net'

/**
 * What attempts are counted by: an IPv4 address, or the /64 of an IPv6 one, all of which a single client may have.
 * @param address as `lib/http/address.ts` spells it
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address
  const [before = '', after] = address.split('::')
  const groups = (part: string | undefined) => (part ? part.split(':') : [])
  const missing = after === undefined ? 0 : 8 - groups(before).length - groups(after).length
  const all = [...groups(before), ...Array<string>(missing).fill('0'), ...groups(after)]
  return `${all.slice(0, 4).join(':')}::/64`
}
