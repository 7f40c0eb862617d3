import { route } from '@/lib/http'
import { getMember } from '@/lib/usecases/members'

export const GET = route(getMember)
