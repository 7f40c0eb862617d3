import { route } from '@/lib/http'
import { advanceClock } from '@/lib/usecases/sandbox'

export const POST = route(advanceClock)
