import { route } from '@/lib/http'
import { getSandbox } from '@/lib/usecases/sandbox'

export const GET = route(getSandbox)
