import { route } from '@/lib/http'
import { disarmFault } from '@/lib/usecases/sandbox'

export const DELETE = route(disarmFault)
