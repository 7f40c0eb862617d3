import { route } from '@/lib/http'
import { enableDirectory, getEnableFlow } from '@/lib/usecases/enable'

export const GET = route(getEnableFlow)
export const POST = route(enableDirectory)
