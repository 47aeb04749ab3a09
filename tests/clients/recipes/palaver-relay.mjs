// Relay over @palaver/client: the recipe of relay.mjs with its network functions.
import { createPalaver } from '@palaver/client';
import { relayNetwork } from '@palaver/client/relay';
import relay from 'relay-runtime';
import { connectBy, reload } from './relay.mjs';

export { openThread, send, upload } from './relay.mjs';

export function connect({ url, getToken, webSocketImpl, keepAlive }) {
  const palaver = createPalaver({
    url,
    token: (reason) => getToken({ fresh: reason !== 'start' }),
    WebSocket: webSocketImpl,
    keepAlive,
    patience: keepAlive,
  });
  const { fetch, subscribe } = relayNetwork(palaver);
  const environment = connectBy(relay.Network.create(fetch, subscribe));
  palaver.onReset(({ request }) => reload(environment, request.variables));
  return environment;
}
