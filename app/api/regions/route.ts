import { route } from '@/lib/http'
import { listRegions } from '@/lib/usecases/networks'

export const GET = route(listRegions)
