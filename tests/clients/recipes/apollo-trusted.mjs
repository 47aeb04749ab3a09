// Apollo Client at a server that runs registered documents only: it sends their ids, and never a text.
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { connect as connectApollo } from './apollo.mjs';

export { openThread, send, upload } from './apollo.mjs';

/** `manifest` is what generate-persisted-query-manifest has written, and the operator has registered. */
export function connect({ manifest, ...options }) {
  const ids = new Map(manifest.operations.map(({ name, id }) => [name, id]));
  const link = new PersistedQueryLink({
    generateHash: async ({ definitions }) => ids.get(definitions.find(({ operation }) => operation).name.value),
    // There is nothing to try again: a text would be refused as well.
    disable: () => false,
    retry: () => false,
  });
  return connectApollo({ ...options, links: [link], jsonMessageReplacer: withoutText });
}

// The link for sockets sends the text too, and the manifest may have it in another order: then it is another text.
function withoutText(key, value) {
  return key === 'query' && this.extensions?.persistedQuery ? undefined : value;
}
