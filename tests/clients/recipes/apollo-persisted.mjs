// Apollo Client that sends hashes; a text only when the server does not know its hash.
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { connect as connectApollo } from './apollo.mjs';

export { openThread, send, upload } from './apollo.mjs';

// Subscriptions go with hash and text: the link for sockets always sends the text.
export const connect = (options) => connectApollo({ ...options, links: [new PersistedQueryLink({ sha256 })] });

async function sha256(text) {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
