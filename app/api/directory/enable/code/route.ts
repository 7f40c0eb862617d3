import { route } from '@/lib/http'
import { sendEnableCode } from '@/lib/usecases/enable'

export const POST = route(sendEnableCode)
