// urql over Palaver: the cache, a tap for what comes in fresh, the order of it, and the server.
import type { Palaver } from '@palaver/client';
import { palaverExchange } from '@palaver/client/urql';
import { Client, mapExchange, type OperationResult } from 'urql';
import { cache } from './cache';
import { inOrder } from './in-order';

/** `tap` hears of every event and of every answer to a mutation, before those who asked. */
export const urqlOver = (palaver: Palaver, url: string, tap: (result: OperationResult) => void): Client =>
  new Client({
    url,
    preferGetMethod: false,
    requestPolicy: 'cache-and-network',
    exchanges: [
      cache(),
      mapExchange({
        onResult: (result) => {
          if (result.operation.kind !== 'query') tap(result);
        },
      }),
      inOrder,
      palaverExchange(palaver),
    ],
  });
