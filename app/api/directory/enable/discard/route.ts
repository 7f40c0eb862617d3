import { route } from '@/lib/http'
import { discardEnableCode } from '@/lib/usecases/enable'

export const POST = route(discardEnableCode)
