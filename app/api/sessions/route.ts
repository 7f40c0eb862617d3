import { route } from '@/lib/http'
import { listSessions, signOutEverywhere } from '@/lib/usecases/session'

export const GET = route(listSessions)
export const DELETE = route(signOutEverywhere)
