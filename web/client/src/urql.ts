// urql: one exchange that ends the chain, for queries, mutations and subscriptions, and one that fetches again.
import { subscriptionExchange, type Exchange, type ExecutionResult, type Operation } from '@urql/core';
import { pipe, tap } from 'wonka';
import type { Palaver } from './palaver.js';
import type { Request } from './types.js';

/** In the place of `fetchExchange` and `subscriptionExchange`. */
export const palaverExchange = (palaver: Palaver): Exchange =>
  subscriptionExchange({
    enableAllOperations: true,
    forwardSubscription: ({ query, ...request }, { kind }) => ({
      subscribe(observer) {
        const operation = { ...request, ...(query && { query }) } as Request;
        const next = (result: unknown): void => observer.next(result as ExecutionResult);
        const complete = (): void => observer.complete();
        if (kind === 'subscription') {
          // Of errors of the operation urql makes a result, of anything else the network's.
          const error = (cause: Error & { errors: readonly unknown[] }): void =>
            observer.error(cause.errors.length ? cause.errors : cause);
          return { unsubscribe: palaver.subscribe(operation, { next, error, complete }) };
        }
        const controller = new AbortController();
        const { signal } = controller;
        palaver
          .execute(operation, { signal })
          .then(next)
          .then(complete, (cause: unknown) => signal.aborted || observer.error(cause));
        return { unsubscribe: () => controller.abort() };
      },
    }),
  });

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
