import { route } from '@/lib/http'
import { reconcilePhone } from '@/lib/usecases/phone'

export const POST = route(reconcilePhone)
