// Apollo Client 4 over @palaver/client: the recipe of apollo.mjs with one link for all operations.
import { createPalaver } from '@palaver/client';
import { palaverLink, typePolicies } from '@palaver/client/apollo';
import { possibleTypes } from '@palaver/client/generated';
import { connectBy } from './apollo.mjs';

export { openThread, send, upload } from './apollo.mjs';

export function connect({ url, getToken, webSocketImpl, keepAlive }) {
  const palaver = createPalaver({
    url,
    token: (reason) => getToken({ fresh: reason !== 'start' }),
    WebSocket: webSocketImpl,
    keepAlive,
    patience: keepAlive,
  });
  const client = connectBy([palaverLink(palaver)], { possibleTypes, typePolicies: typePolicies() });
  palaver.onReset(() => client.refetchQueries({ include: 'active' }));
  return client;
}
