import { route } from '@/lib/http'
import { getPayer } from '@/lib/usecases/members'

export const GET = route(getPayer)
