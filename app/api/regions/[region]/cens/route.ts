import { route } from '@/lib/http'
import { listCens } from '@/lib/usecases/networks'

export const GET = route(listCens)
