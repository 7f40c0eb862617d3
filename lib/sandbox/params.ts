import type { Tag } from './model.ts'
import { invalid } from './wire-errors.ts'

/** The parameters of a call, from query and form. An empty value counts as absent. */
export class Params {
  readonly #values: ReadonlyMap<string, string>

  constructor(pairs: Iterable<readonly [string, string]>) {
    this.#values = new Map([...pairs].filter(([, value]) => value !== ''))
  }

  get(name: string): string | undefined {
    return this.#values.get(name)
  }

  /** @throws the gateway's `Invalid<name>` unless the value is an integer within the range. */
  integer(name: string, fallback: number, min: number, max: number): number {
    const text = this.get(name)
    if (text === undefined) return fallback
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < min || value > max) throw invalid(name)
    return value
  }

  /** @throws the gateway's `Invalid<name>` for anything but true and false (case-insensitive). */
  boolean(name: string): boolean {
    const text = this.get(name)?.toLowerCase() ?? 'false'
    if (text !== 'true' && text !== 'false') throw invalid(name)
    return text === 'true'
  }

  /** The values of `Name.1`, `Name.2` and so on. */
  list(name: string): string[] {
    return [...this.#values]
      .filter(([key]) => key.startsWith(`${name}.`) && /^\d+$/.test(key.slice(name.length + 1)))
      .map(([, value]) => value)
  }

  /** The `Tag.N.Key` and `Tag.N.Value` pairs; without a value, any value matches. */
  tags(): { key: string; value?: string }[] {
    const tags: (Partial<Tag> & { key: string })[] = []
    for (const [name, key] of this.#values) {
      const number = /^Tag\.(\d+)\.Key$/.exec(name)?.[1]
      if (number !== undefined) tags.push({ key, value: this.get(`Tag.${number}.Value`) })
    }
    return tags
  }
}
