import { route } from '@/lib/http'
import { staySignedIn } from '@/lib/usecases/session'

export const POST = route(staySignedIn)
