import { route } from '@/lib/http'
import { getReady } from '@/lib/usecases/ready'

export const GET = route(getReady, ({ ready }) => (ready ? 200 : 503))
