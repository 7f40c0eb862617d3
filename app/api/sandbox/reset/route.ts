import { route } from '@/lib/http'
import { resetSandbox } from '@/lib/usecases/sandbox'

export const POST = route(resetSandbox)
