import { followTranslation } from '@/lib/browser/translated-text'

// Next runs this before React takes the page over.
followTranslation()
