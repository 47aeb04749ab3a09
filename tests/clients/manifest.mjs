// Writes a manifest for apollo.mjs in the form of generate-persisted-query-manifest: the documents as Apollo Client sends
// them, but for the fragments, which come first. A client that goes by ids need not print what was registered.
import { createHash } from 'node:crypto';
import { InMemoryCache } from '@apollo/client';
import { print } from '@apollo/client/utilities';
import { MESSAGE_ADDED, SEND, THREAD, UPLOAD } from './recipes/apollo.mjs';

const cache = new InMemoryCache();
const operations = [THREAD, MESSAGE_ADDED, SEND, UPLOAD].map((document) => {
  const definitions = cache.transformDocument(document).definitions.toReversed();
  const { name, operation } = definitions.at(-1);
  const body = print({ ...document, definitions });
  return { id: createHash('sha256').update(body).digest('hex'), name: name.value, type: operation, body };
});
process.stdout.write(JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }));
