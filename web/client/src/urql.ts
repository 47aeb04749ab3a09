// urql: one exchange that ends the chain, for all operations, one that fetches again, and one around its normalised cache.
import { CombinedError, subscriptionExchange, type Exchange, type ExecutionResult, type Operation, type OperationResult } from '@urql/core';
import { map, pipe, tap } from 'wonka';
import type { Palaver } from './palaver.js';
import type { PalaverError, Request } from './types.js';

export { eventsOnTop } from './on-top.js';

/** In the place of `fetchExchange` and `subscriptionExchange`. */
export const palaverExchange =
  (palaver: Palaver): Exchange =>
  (input) =>
  (operations) =>
    pipe(operations, overPalaver(palaver)(input), map(asEnded));

const overPalaver = (palaver: Palaver): Exchange =>
  subscriptionExchange({
    enableAllOperations: true,
    forwardSubscription: ({ query, ...request }, { kind }) => ({
      subscribe(observer) {
        const operation = { ...request, ...(query && { query }) } as Request;
        const next = (result: unknown): void => observer.next(result as ExecutionResult);
        const complete = (): void => observer.complete();
        const error = (cause: unknown): void => observer.error(cause);
        if (kind === 'subscription') {
          return { unsubscribe: palaver.subscribe(operation, { next, error, complete }) };
        }
        const controller = new AbortController();
        const { signal } = controller;
        palaver
          .execute(operation, { signal })
          .then(next)
          .then(complete, (cause: unknown) => signal.aborted || error(cause));
        return { unsubscribe: () => controller.abort() };
      },
    }),
  });

/**
 * What ends a stream comes as an error of the network, and is one of the operation. Given the errors themselves, urql would
 * put them beside the data of the last event, and a cache would write that a second time, over all that was told since.
 */
function asEnded(result: OperationResult): OperationResult {
  const cause = result.error?.networkError as PalaverError | undefined;
  if (result.operation.kind !== 'subscription' || !cause?.errors?.length) return result;
  return { ...result, error: new CombinedError({ graphQLErrors: [...cause.errors] }) };
}

/**
 * Before the cache: when too much was missed it fetches every query again that somebody looks at, and the streams go on
 * when all have their answers.
 */
export const refetchExchange =
  (palaver: Palaver): Exchange =>
  ({ client, forward }) => {
    const looked = new Map<number, Operation>();
    const waiting = new Map<number, () => void>();

    const note = (operation: Operation): void => {
      if (operation.kind === 'query') looked.set(operation.key, operation);
      if (operation.kind === 'teardown') forget(operation.key);
    };
    const forget = (key: number): void => {
      looked.delete(key);
      answered(key);
    };
    const answered = (key: number): void => {
      waiting.get(key)?.();
      waiting.delete(key);
    };
    const fetchAgain = (operation: Operation): Promise<void> =>
      new Promise((resolve) => {
        answered(operation.key);
        waiting.set(operation.key, resolve);
        const context = { ...operation.context, requestPolicy: 'network-only' as const };
        client.reexecuteOperation(client.createRequestOperation('query', operation, context));
      });
    palaver.onReset(() => Promise.all([...looked.values()].map(fetchAgain)));

    return (operations) =>
      pipe(
        operations,
        tap(note),
        forward,
        tap(({ operation, stale }) => stale || answered(operation.key)),
      );
  };
