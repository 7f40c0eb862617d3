import { route } from '@/lib/http'
import { detachNetwork } from '@/lib/usecases/networks'

export const POST = route(detachNetwork)
