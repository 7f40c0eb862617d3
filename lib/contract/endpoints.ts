import type * as z from 'zod/mini'
import type * as enable from './enable'
import type * as health from './health'
import type * as members from './members'
import type * as networks from './networks'
import type * as phone from './phone'
import type { RouteName } from './routes'
import type * as sandbox from './sandbox'
import type * as session from './session'
import type * as settings from './settings'

type Modules = typeof enable &
  typeof health &
  typeof members &
  typeof networks &
  typeof phone &
  typeof sandbox &
  typeof session &
  typeof settings

/** Every endpoint by its name. Types only, so that naming one loads no schema. */
type Endpoints = Pick<Modules, RouteName>

export type InputOf<N extends RouteName> = z.input<Endpoints[N]['input']>
export type OutputOf<N extends RouteName> = z.output<Endpoints[N]['output']>
