import { route } from '@/lib/http'
import { lookUpNetwork } from '@/lib/usecases/networks'

export const POST = route(lookUpNetwork)
