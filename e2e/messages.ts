import english from '../lib/i18n/messages/en.json' with { type: 'json' }
import chinese from '../lib/i18n/messages/zh-CN.json' with { type: 'json' }

/** All that the console says, in both of its languages. */
export type Messages = typeof english
export const en = english
export const zh: Messages = chinese
