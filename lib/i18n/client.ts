import type { localeCookie, regionCookie, themeCookie, timeZoneCookie } from './locale'

type Preference = typeof localeCookie | typeof regionCookie | typeof themeCookie | typeof timeZoneCookie

/** Saves a preference in this browser for a year. None of them is secret. */
export function rememberPreference(name: Preference, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox ESR
  document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; Max-Age=31536000; SameSite=Lax`
}
