import { toCanonicalOrigin } from '@/lib/http'

export const GET = toCanonicalOrigin
