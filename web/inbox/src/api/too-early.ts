// Who asks too early is told so at once, and asks again by itself when the server takes it, for as long as it is looked at.
import { makeOperation, type Exchange, type Operation } from 'urql';
import { pipe, tap } from 'wonka';
import { retryAfterIn } from './refusal';

/** Whatever the server says, nobody is asked more often; in milliseconds. */
const LEAST = 500;

/** Before the cache. What is asked meanwhile by a button, or once only, is not asked a second time. */
export const askedWhenTaken: Exchange =
  ({ client, forward }) =>
  (operations) => {
    const timers = new Map<number, ReturnType<typeof setTimeout>>();

    const stop = ({ key }: Operation): void => {
      clearTimeout(timers.get(key));
      timers.delete(key);
    };
    const ask = (operation: Operation): void => {
      timers.delete(operation.key);
      client.reexecuteOperation(makeOperation('query', operation, { ...operation.context, requestPolicy: 'network-only' }));
    };

    return pipe(
      operations,
      tap(stop),
      forward,
      tap(({ operation, error }) => {
        const pause = retryAfterIn(error?.graphQLErrors[0]);
        if (operation.kind !== 'query' || pause === undefined) return;
        stop(operation);
        timers.set(operation.key, setTimeout(() => ask(operation), Math.max(pause, LEAST)));
      }),
    );
  };
