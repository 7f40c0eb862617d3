import { route } from '@/lib/http'
import { attachNetwork } from '@/lib/usecases/networks'

export const POST = route(attachNetwork)
