import { route } from '@/lib/http'
import { discardCode } from '@/lib/usecases/phone'

export const POST = route(discardCode)
