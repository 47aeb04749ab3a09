// The cache: what has an id is one thing wherever it is shown, so an event that tells of it changes all places at once.
import { keys, possibleTypes } from '@palaver/client/generated';
import { eventsOnTop } from '@palaver/client/urql';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import type { Exchange } from 'urql';
import { optimistic } from './optimistic';

export const cache = (): Exchange =>
  eventsOnTop(
    cacheExchange({
      possibleTypes,
      keys,
      resolvers: {
        Query: {
          conversations: relayPagination(),
        },
      },
      optimistic,
    }),
  );
