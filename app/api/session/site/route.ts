import { route } from '@/lib/http'
import { changeSite } from '@/lib/usecases/session'

export const POST = route(changeSite)
