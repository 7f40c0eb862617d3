import { route } from '@/lib/http'
import { getHealth } from '@/lib/usecases/health'

export const GET = route(getHealth)
