import { toOwnName } from '@/lib/http'

export const GET = toOwnName
