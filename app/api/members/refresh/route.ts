import { route } from '@/lib/http'
import { refreshMembers } from '@/lib/usecases/members'

export const POST = route(refreshMembers)
