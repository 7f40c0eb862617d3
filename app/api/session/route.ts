import { route } from '@/lib/http'
import { getMe, signOut } from '@/lib/usecases/session'
import { signIn } from '@/lib/usecases/sign-in/sign-in'

export const GET = route(getMe)
export const POST = route(signIn)
export const DELETE = route(signOut)
