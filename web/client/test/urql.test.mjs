// What urql makes of a stream: what ends it brings no event with it.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createWorld, settle } from './world.mjs';

// As an application has them: the library's peers, beside it.
const place = `${process.env.PALAVER_CLIENT}/dist/urql.js`;
const beside = (name) => import(pathToFileURL(createRequire(place).resolve(name)));
const { palaverExchange } = await import(pathToFileURL(place));
const { Client, gql } = await beside('@urql/core');
const { cacheExchange } = await beside('@urql/exchange-graphcache');

const PRESENCE = gql`subscription ($ids: [ID!]!) { presence(userIds: $ids) { user { id presence { status } } } }`;
const BLOCK = gql`mutation { blockUser(input: { userId: "bob", blocked: true }) { user { id presence { status } } } }`;
const BOB = gql`query { node(id: "bob") { id ... on User { presence { status } } } }`;

const bob = (status) => ({ __typename: 'User', id: 'bob', presence: status && { __typename: 'Presence', status } });

function openClient() {
  const answer = (_, body) => ({
    data: body.includes('blockUser')
      ? { blockUser: { __typename: 'BlockUserPayload', user: bob(null) } }
      : { node: bob('OFFLINE') },
  });
  const world = createWorld({ answer });
  const exchanges = [cacheExchange({ keys: { Presence: () => null } }), palaverExchange(world.palaver)];
  return { world, client: new Client({ url: 'https://chat.example/graphql', preferGetMethod: false, exchanges }) };
}

/** Bob's state in the cache, wherever it was told. */
const known = (client) => client.readQuery(BOB, {}, { requestPolicy: 'cache-only' })?.data.node.presence;

async function online() {
  const { world, client } = openClient();
  const results = [];
  await client.query(BOB, {}).toPromise();
  client.subscription(PRESENCE, { ids: ['bob'] }).subscribe(({ data, error }) => results.push({ data, error }));
  const socket = await world.connected();
  socket.event({ __typename: 'PresenceEvent', user: bob('ONLINE') }, undefined, 'presence');
  await settle();
  assert.equal(known(client).status, 'ONLINE');
  return { world, client, results, socket };
}

test('what ends a stream is an error of the operation, without the event before it', async () => {
  const { results, socket } = await online();
  socket.fail('NOT_FOUND');
  await settle();
  assert.equal(results.length, 2);
  const [, { data, error }] = results;
  assert.equal(data, undefined);
  assert.equal(error.networkError, undefined);
  assert.deepEqual(error.graphQLErrors.map(({ extensions }) => extensions.code), ['NOT_FOUND']);
});

test('a cache keeps what was told after the last event', async () => {
  const { client, socket } = await online();
  await client.mutation(BLOCK, {}).toPromise();
  assert.equal(known(client), null);
  socket.fail('NOT_FOUND');
  await settle();
  assert.equal(known(client), null);
});

test('what ends it for other reasons is an error of the network', async () => {
  const { world, results } = await online();
  world.socket.end(4400, 'Not understood');
  await settle();
  await world.after(60_000);
  assert.deepEqual(results.slice(1).map(({ data, error }) => [data, error.networkError.code]), [[undefined, 4400]]);
});
