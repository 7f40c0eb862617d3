import { isolate } from './isolate'

// biome-ignore lint/suspicious/noExplicitAny: the returned translator keeps the types of the messages
type Translate = (key: any, values?: any, ...rest: any[]) => any
type Translator = Translate & { rich: Translate; markup: Translate; raw: Translate; has: Translate }

const wrappers = new WeakMap<Translator, Translator>()

/** Wraps a translator so that it isolates every string value inserted into a message. */
export function isolated<T extends Translator>(t: T): T {
  const known = wrappers.get(t)
  if (known) return known as T
  const isolating =
    (translate: Translate): Translate =>
    (key, values, ...rest) =>
      translate(key, values && isolatedValues(values), ...rest)
  const wrapped = Object.assign(isolating(t), {
    rich: isolating(t.rich),
    markup: isolating(t.markup),
    raw: t.raw,
    has: t.has,
  })
  wrappers.set(t, wrapped)
  return wrapped as T
}

function isolatedValues(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? isolate(value) : value]),
  )
}
