import { route } from '@/lib/http'
import { bindPhone, getBindFlow } from '@/lib/usecases/phone'

export const GET = route(getBindFlow)
export const POST = route(bindPhone)
