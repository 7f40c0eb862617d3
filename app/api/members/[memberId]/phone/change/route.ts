import { route } from '@/lib/http'
import { changeNumber } from '@/lib/usecases/phone'

export const POST = route(changeNumber)
