// urql with Graphcache over @palaver/client: the recipe of urql.mjs with one exchange for all operations.
import { createPalaver } from '@palaver/client';
import { introspection, keys } from '@palaver/client/generated';
import { eventsOnTop, palaverExchange, refetchExchange } from '@palaver/client/urql';
import { connectBy } from './urql.mjs';

export { openThread, send, upload } from './urql.mjs';

export function connect({ url, getToken, webSocketImpl, keepAlive }) {
  const palaver = createPalaver({
    url,
    token: (reason) => getToken({ fresh: reason !== 'start' }),
    WebSocket: webSocketImpl,
    keepAlive,
    patience: keepAlive,
  });
  return connectBy({
    url,
    first: [refetchExchange(palaver)],
    cache: { keys, schema: introspection },
    around: eventsOnTop,
    last: [palaverExchange(palaver)],
  });
}
