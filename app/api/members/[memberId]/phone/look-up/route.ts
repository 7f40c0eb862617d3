import { route } from '@/lib/http'
import { lookUpPhone } from '@/lib/usecases/phone'

export const POST = route(lookUpPhone)
