import type { MutationOptions, QueryClient, QueryKey } from '@tanstack/react-query'

interface Progress {
  /** The server has responded; the mutation stays pending until `onError` and `onSettled` have finished. */
  answered: boolean
}

/**
 * An operation of a flow as a mutation. Its response is the flow's new state; a failure may have changed the
 * state, too.
 * @param key of the flow, also the mutation's
 * @param options `run` calls the server; `readsAgain` decides whether to read the flow again after a failure
 */
export function actOn<V, F>(
  client: QueryClient,
  key: QueryKey,
  options: { run(input: V): Promise<F>; succeeded(): void; readsAgain(error: Error): boolean },
): MutationOptions<F, Error, V, Progress> {
  return {
    mutationKey: key,
    meta: { waitsFor: 'cloud' },
    mutationFn: options.run,
    onMutate: () => begin(client, key),
    onSuccess(flow) {
      client.setQueryData(key, flow)
      options.succeeded()
    },
    onError(error, _input, progress) {
      if (progress) progress.answered = true
      return options.readsAgain(error) ? client.invalidateQueries({ queryKey: key }) : undefined
    },
  }
}

/**
 * A check before an operation. It returns its own result, but may have used up an attempt, or the code
 * itself.
 */
export function checkOn<V, A>(
  client: QueryClient,
  key: QueryKey,
  options: { run(input: V): Promise<A>; readsAgain(error: Error | null): boolean },
): MutationOptions<A, Error, V, Progress> {
  return {
    mutationKey: key,
    meta: { waitsFor: 'cloud' },
    mutationFn: options.run,
    onMutate: () => begin(client, key),
    onSettled(_answer, error, _input, progress) {
      if (progress) progress.answered = true
      return options.readsAgain(error) ? client.invalidateQueries({ queryKey: key }) : undefined
    },
  }
}

async function begin(client: QueryClient, key: QueryKey): Promise<Progress> {
  await client.cancelQueries({ queryKey: key })
  return { answered: false }
}

/**
 * Reads a flow, but keeps what is shown while an operation of this tab is in flight: the server would report
 * that operation, and the waiting step would be replaced, together with everything typed there. The operation
 * itself brings the new state.
 */
export async function readUnlessActing<F>(
  client: QueryClient,
  key: QueryKey,
  read: () => Promise<F>,
): Promise<F> {
  const shown = client.getQueryData<F>(key)
  return shown !== undefined && isActing(client, key) ? shown : read()
}

function isActing(client: QueryClient, mutationKey: QueryKey): boolean {
  return client
    .getMutationCache()
    .findAll({ mutationKey, status: 'pending' })
    .some(({ state }) => !(state.context as Progress | undefined)?.answered)
}
