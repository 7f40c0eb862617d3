import type { Cen, OfficeNetwork, World } from './model.ts'

/**
 * The office networks and CENs. Attaching and detaching take time by the emulated clock: a network stores when its
 * change completes, and reads after that time return the completed state.
 */
export class Networks {
  readonly #now: () => number
  readonly #onChange: () => void
  #networks = new Map<string, OfficeNetwork>()
  #changed = new Set<string>()
  #cens: ReadonlyMap<string, Cen> = new Map()

  constructor(now: () => number, onChange: () => void) {
    this.#now = now
    this.#onChange = onChange
  }

  /** Replaces everything with the seed. */
  seed({ networks, cens }: Pick<World, 'networks' | 'cens'>): void {
    this.#networks = new Map(networks.map((network) => [network.id, network]))
    this.#changed.clear()
    this.#cens = new Map(cens.map((cen) => [cen.id, cen]))
  }

  network(id: string): OfficeNetwork | undefined {
    const network = this.#networks.get(id)
    return network && asOf(this.#now(), network)
  }

  /** The networks of an account in one region, in order of creation. */
  networksIn(accountId: string, region: string): OfficeNetwork[] {
    const now = this.#now()
    return [...this.#networks.values()]
      .filter((network) => network.accountId === accountId && network.region === region)
      .sort(byCreation)
      .map((network) => asOf(now, network))
  }

  /** Adds a network or replaces the one with the same id. */
  put(network: OfficeNetwork): void {
    this.#networks.set(network.id, network)
    this.#changed.add(network.id)
    this.#onChange()
  }

  addCen(cen: Cen): void {
    this.#cens = new Map([...this.#cens, [cen.id, cen]])
  }

  cen(id: string): Cen | undefined {
    return this.#cens.get(id)
  }

  /** The CENs of an account. */
  censOf(accountId: string): Cen[] {
    return [...this.#cens.values()].filter((cen) => cen.ownerId === accountId)
  }

  /** Differences from the seed. */
  save(): OfficeNetwork[] {
    return [...this.#changed].flatMap((id) => this.#networks.get(id) ?? [])
  }
}

function byCreation(one: OfficeNetwork, other: OfficeNetwork): number {
  if (one.creationTime !== other.creationTime) return one.creationTime < other.creationTime ? -1 : 1
  return one.id < other.id ? -1 : 1
}

function asOf(now: number, network: OfficeNetwork): OfficeNetwork {
  if (network.attachChangesAt === undefined || network.attachChangesAt > now) return network
  const { attachChangesAt: _ended, cenId, attachStatus, ...rest } = network
  return attachStatus === 'attaching' ? { ...rest, cenId, attachStatus: 'attached' } : rest
}
