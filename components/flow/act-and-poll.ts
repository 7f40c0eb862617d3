import type { MutationOptions, QueryClient, QueryKey } from '@tanstack/react-query'

interface Progress {
  /** The server has answered; the mutation stays pending until what `onError` and `onSettled` wait for is done. */
  answered: boolean
}

/**
 * An act of a flow as a mutation: its answer is the flow's new state; its failure may have changed the state, too.
 * @param key of the flow, also the mutation's
 * @param options `run` calls the server; `readsAgain` says whether a failure leaves anything to be read again
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

/** A check before an act: its answer is its own, but it may have used up a try of the code, or the code. */
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
 * Reads a flow, but keeps what is shown while an act of this tab waits for its answer: the server would tell of the act
 * under way, and the step that waits would give way with all that was typed there. The act itself brings the new state.
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
