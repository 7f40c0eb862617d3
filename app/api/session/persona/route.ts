import { route } from '@/lib/http'
import { signInAsPersona } from '@/lib/usecases/session'

export const POST = route(signInAsPersona)
