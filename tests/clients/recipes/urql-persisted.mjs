// urql that sends hashes; a text only when the server does not know its hash.
import { persistedExchange } from '@urql/exchange-persisted';
import { connect as connectUrql } from './urql.mjs';

export { openThread, send, upload } from './urql.mjs';

export const connect = (options) =>
  connectUrql({
    ...options,
    exchanges: [
      persistedExchange({
        preferGetForPersistedQueries: false, // GET is not taken.
        enableForMutation: true,
        enableForSubscriptions: true,
      }),
    ],
  });
