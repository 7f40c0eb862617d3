import { route } from '@/lib/http'
import { reconcileDirectory } from '@/lib/usecases/enable'

export const POST = route(reconcileDirectory)
