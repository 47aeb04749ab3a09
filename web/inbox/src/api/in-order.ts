// What was asked before an event came may be older than the event. It is asked again, so that nothing goes back.
import type { Exchange, Operation } from 'urql';
import { filter, makeSubject, merge, pipe, tap } from 'wonka';

/** Then it is taken as it is: somebody else always writes. */
const MOST = 3;

interface Asked {
  /** How many events had come. */
  after: number;
  times: number;
}

/** Behind the cache: an answer that an event has overtaken does not reach it. */
export const inOrder: Exchange =
  ({ forward }) =>
  (operations) => {
    const again = makeSubject<Operation>();
    const asked = new Map<number, Asked>();
    let events = 0;

    const note = ({ kind, key }: Operation): void => {
      if (kind === 'query') asked.set(key, { after: events, times: (asked.get(key)?.times ?? 0) + 1 });
      if (kind === 'teardown') asked.delete(key);
    };

    return pipe(
      merge([operations, again.source]),
      tap(note),
      forward,
      filter(({ operation, data }) => {
        if (operation.kind === 'subscription') events += 1;
        const mine = asked.get(operation.key);
        if (operation.kind !== 'query' || mine === undefined) return true;
        if (data && mine.after !== events && mine.times < MOST) {
          // When this answer is done with, and unless nobody wants it any more by then.
          queueMicrotask(() => asked.has(operation.key) && again.next(operation));
          return false;
        }
        asked.delete(operation.key);
        return true;
      }),
    );
  };
