import type { Locator, Page } from '@playwright/test'
import type { MemberOrder, SandboxControl } from '../lib/sandbox/index.ts'
import type { BindPage, EnablePage, NetworkPage } from './flow-page'
import { en, zh } from './messages'

/** In English on the international site, in Chinese on the China site: names and folders are in the page's language. */
export const editions = {
  en: {
    words: en,
    persona: 'intl-admin',
    site: 'international',
    name: 'kiosk-harbour',
    /** A number of the site as typed, and as sent; `unlikely` is in no range that is in use. */
    number: '91234567',
    phone: '65-91234567',
    unlikely: '12345678',
  },
  'zh-CN': {
    words: zh,
    persona: 'china-admin',
    site: 'china',
    name: '门店收银',
    number: '13812345678',
    phone: '86-13812345678',
    unlikely: '20012345678',
  },
} as const
export type Language = keyof typeof editions
export type Edition = (typeof editions)[Language]

/** What a screen is set up with. */
export interface Stage extends Pick<Edition, 'words' | 'site' | 'number' | 'phone' | 'unlikely'> {
  page: Page
  cloud: SandboxControl
  binding: BindPage
  enabling: EnablePage
  attaching: NetworkPage
  /** A new member, named in the language of the page. */
  member(order?: MemberOrder): Promise<string>
  /** Calls a route of the console as the page would. @returns its JSON */
  post(path: string, data?: object): Promise<Record<string, unknown>>
}

/** A state of a page. */
export interface Screen {
  name: string
  /** Who is signed in; by default the administrator of the site. `withoutDirectory` finds everything as seeded. */
  as?: 'nobody' | 'withoutDirectory'
  /** The path, or a function that prepares more and returns it. */
  at: string | ((stage: Stage) => Promise<string>)
  /** What to do there. */
  does?: (stage: Stage) => Promise<unknown>
  /** What must be visible then. */
  sees: (stage: Stage) => Locator | Locator[] | Promise<void>
  /** What must not be there. */
  lacks?: (stage: Stage) => Locator[]
  /** The only width that has this state. */
  width?: 320 | 1280
  /**
   * Represents its layout: also checked in Chinese, and by axe at both widths. Single sentences are covered by the tests
   * of the catalogs, and do not depend on the width.
   */
  ofLayout?: true
}

/** The ID of the request that a send created. */
export const requestOf = (answer: Record<string, unknown>) => (answer.request as { id: string }).id
