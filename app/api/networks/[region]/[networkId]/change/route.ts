import { route } from '@/lib/http'
import { changeCen } from '@/lib/usecases/networks'

export const POST = route(changeCen)
