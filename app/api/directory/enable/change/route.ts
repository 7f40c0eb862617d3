import { route } from '@/lib/http'
import { changeEnableRequest } from '@/lib/usecases/enable'

export const POST = route(changeEnableRequest)
