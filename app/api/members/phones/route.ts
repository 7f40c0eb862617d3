import { route } from '@/lib/http'
import { readPhones } from '@/lib/usecases/members'

export const POST = route(readPhones)
