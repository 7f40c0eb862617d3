import { route } from '@/lib/http'
import { armFault } from '@/lib/usecases/sandbox'

export const POST = route(armFault)
