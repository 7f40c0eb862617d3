import { route } from '@/lib/http'
import { listMembers } from '@/lib/usecases/members'

export const GET = route(listMembers)
