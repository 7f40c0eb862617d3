import { route } from '@/lib/http'
import { getInbox } from '@/lib/usecases/sandbox'

export const GET = route(getInbox)
