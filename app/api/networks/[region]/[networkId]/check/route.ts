import { route } from '@/lib/http'
import { checkCen } from '@/lib/usecases/networks'

export const POST = route(checkCen)
