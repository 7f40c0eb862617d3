import { route } from '@/lib/http'
import { getSettings } from '@/lib/usecases/settings'

export const GET = route(getSettings)
