import { route } from '@/lib/http'
import { reconcileNetwork } from '@/lib/usecases/networks'

export const POST = route(reconcileNetwork)
