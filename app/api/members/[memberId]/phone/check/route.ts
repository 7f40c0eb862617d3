import { route } from '@/lib/http'
import { checkNumber } from '@/lib/usecases/phone'

export const POST = route(checkNumber)
