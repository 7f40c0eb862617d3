import { route } from '@/lib/http'
import { getMe, signIn, signOut } from '@/lib/usecases/session'

export const GET = route(getMe)
export const POST = route(signIn)
export const DELETE = route(signOut)
