import { route } from '@/lib/http'
import { lookUpDirectory } from '@/lib/usecases/enable'

export const POST = route(lookUpDirectory)
