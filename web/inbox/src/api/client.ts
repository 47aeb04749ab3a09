// urql over Palaver: what was asked too early, the cache, a tap for what comes in fresh, the order of it, and the server.
import type { Palaver } from '@palaver/client';
import { palaverExchange } from '@palaver/client/urql';
import { Client } from 'urql';
import { cache } from './cache';
import { entitiesTold } from './entities-told';
import { inOrder } from './in-order';
import type { Edge, Message } from './messages-in';
import { messagesTold } from './messages-told';
import { askedWhenTaken } from './too-early';

/** `take` hears of the messages in every event and every answer to a mutation, before those who asked. */
export const urqlOver = (palaver: Palaver, url: string, take: (message: Message, edge?: Edge) => void): Client =>
  new Client({
    url,
    preferGetMethod: false,
    requestPolicy: 'cache-and-network',
    exchanges: [askedWhenTaken, cache(), entitiesTold, messagesTold(take), inOrder, palaverExchange(palaver)],
  });
