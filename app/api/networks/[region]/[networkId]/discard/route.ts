import { route } from '@/lib/http'
import { discardCenRequest } from '@/lib/usecases/networks'

export const POST = route(discardCenRequest)
