import { route } from '@/lib/http'
import { sendCode } from '@/lib/usecases/phone'

export const POST = route(sendCode)
