import { route } from '@/lib/http'
import { listNetworks } from '@/lib/usecases/networks'

export const GET = route(listNetworks)
