import { isolate } from './isolate'

// biome-ignore lint/suspicious/noExplicitAny: the messages' own types stay on the translator that is handed through
type Say = (key: any, values?: any, ...rest: any[]) => any
type Translator = Say & { rich: Say; markup: Say; raw: Say; has: Say }

const made = new WeakMap<Translator, Translator>()

/** The same translator, with every text that a message is given set apart from the words around it. */
export function isolated<T extends Translator>(t: T): T {
  const known = made.get(t)
  if (known) return known as T
  const within =
    (say: Say): Say =>
    (key, values, ...rest) =>
      say(key, values && isolatedValues(values), ...rest)
  const wrapped = Object.assign(within(t), {
    rich: within(t.rich),
    markup: within(t.markup),
    raw: t.raw,
    has: t.has,
  })
  made.set(t, wrapped)
  return wrapped as T
}

function isolatedValues(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? isolate(value) : value]),
  )
}
