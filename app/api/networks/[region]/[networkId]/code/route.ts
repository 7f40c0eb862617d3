import { route } from '@/lib/http'
import { sendCenCode } from '@/lib/usecases/networks'

export const POST = route(sendCenCode)
