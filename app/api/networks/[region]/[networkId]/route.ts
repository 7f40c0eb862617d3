import { route } from '@/lib/http'
import { getAttachFlow } from '@/lib/usecases/networks'

export const GET = route(getAttachFlow)
