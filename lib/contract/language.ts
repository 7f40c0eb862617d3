import * as z from 'zod/mini'

/** Languages of the console, by their BCP 47 tags: the locales of `lib/i18n`. */
export const Language = z.enum(['en', 'zh-CN'])
export type Language = z.infer<typeof Language>
