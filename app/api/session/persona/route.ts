import { route } from '@/lib/http'
import { signInAsPersona } from '@/lib/usecases/sign-in/sign-in'

export const POST = route(signInAsPersona)
