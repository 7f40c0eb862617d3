import { route } from '@/lib/http'
import { tryEnable } from '@/lib/usecases/enable'

export const POST = route(tryEnable)
