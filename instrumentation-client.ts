import { followTranslation } from '@/lib/browser/translated-text'

// Next runs this before React hydrates the page.
followTranslation()
