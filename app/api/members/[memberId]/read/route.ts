import { route } from '@/lib/http'
import { rereadMember } from '@/lib/usecases/members'

export const POST = route(rereadMember)
