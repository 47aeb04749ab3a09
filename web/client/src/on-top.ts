// Graphcache keeps what comes in layers while an older question waits. What a subscription tells goes into one layer, which
// stays beneath answers that came after its first event: those would hide what is told later. So each event has its own.
import { makeOperation, type Exchange, type Operation, type OperationResult } from '@urql/core';
import { map, pipe } from 'wonka';

/** Graphcache remembers the key of every event. No question waits for so long that one comes again meanwhile. */
const KEYS = 100_000;

/** Around Graphcache's `cacheExchange`: it takes every event for the newest there is, but for what is still being asked. */
export const eventsOnTop =
  (cache: Exchange): Exchange =>
  (input) => {
    /** By the key of an event: the subscription that tells it. */
    const subscriptions = new Map<number, Operation>();
    let last = 0;

    const asOwn = (result: OperationResult): OperationResult => {
      const { operation } = result;
      if (operation.kind !== 'subscription') return result;
      last = (last % KEYS) + 1;
      const key = -last; // The keys of urql are not negative.
      subscriptions.set(key, operation);
      return { ...result, operation: makeOperation(operation.kind, { ...operation, key }, operation.context) };
    };
    const asTold = (result: OperationResult): OperationResult => {
      const operation = subscriptions.get(result.operation.key);
      if (!operation) return result;
      subscriptions.delete(result.operation.key);
      return { ...result, operation };
    };
    const cached = cache({ ...input, forward: (operations) => pipe(input.forward(operations), map(asOwn)) });
    return (operations) => pipe(cached(operations), map(asTold));
  };
