import { isIP } from 'node:net'

/**
 * The unit that attempts are counted by: an IPv4 address, or an IPv6 /64, since one client may have all of its addresses.
 * @param address in the format of `lib/http/address.ts`
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address
  const [before = '', after] = address.split('::')
  const groups = (part: string | undefined) => (part ? part.split(':') : [])
  const missing = after === undefined ? 0 : 8 - groups(before).length - groups(after).length
  const all = [...groups(before), ...Array<string>(missing).fill('0'), ...groups(after)]
  return `${all.slice(0, 4).join(':')}::/64`
}
