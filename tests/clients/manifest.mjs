// Writes the manifest of apollo.mjs, as generate-persisted-query-manifest does: the documents as Apollo Client sends them.
import { createHash } from 'node:crypto';
import { InMemoryCache } from '@apollo/client';
import { print } from '@apollo/client/utilities';
import { MESSAGE_ADDED, SEND, THREAD, UPLOAD } from './recipes/apollo.mjs';

const cache = new InMemoryCache();
const operations = [THREAD, MESSAGE_ADDED, SEND, UPLOAD].map((document) => {
  const definitions = [...cache.transformDocument(document).definitions].sort((one, other) => order(one) - order(other));
  const [{ name, operation }] = definitions;
  const body = print({ ...document, definitions });
  return { id: createHash('sha256').update(body).digest('hex'), name: name.value, type: operation, body };
});
process.stdout.write(JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }));

function order({ kind }) {
  return kind === 'OperationDefinition' ? 0 : 1;
}
