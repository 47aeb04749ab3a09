// urql's Graphcache over a server that is slow to answer one question, while it answers others and tells events.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createWorld, settle } from './world.mjs';

// As an application has them: the library's peers, beside it.
const place = `${process.env.PALAVER_CLIENT}/dist/urql.js`;
const beside = (name) => import(pathToFileURL(createRequire(place).resolve(name)));
const { eventsOnTop, palaverExchange } = await import(pathToFileURL(place));
const { Client, gql } = await beside('@urql/core');
const { cacheExchange } = await beside('@urql/exchange-graphcache');

const PRESENCE = gql`subscription ($ids: [ID!]!) { presence(userIds: $ids) { user { id name } } }`;
const BOB = gql`query { node(id: "bob") { id ... on User { name } } }`;
const VIEWER = gql`query { viewer { id } }`;
const PIN = gql`mutation { pinConversation(input: { conversationId: "sofa" }) { conversation { id pinned } } }`;

const bob = (name) => ({ __typename: 'User', id: 'bob', name });
const pinned = {
  __typename: 'PinConversationPayload',
  conversation: { __typename: 'Conversation', id: 'sofa', pinned: true },
};

/** A page that shows Bob and follows him by two streams. Whatever else it asks waits until it is released. */
async function showBob() {
  let name = 'Bob';
  let release;
  const isReleased = new Promise((resolve) => (release = resolve));
  const answer = async (_, body) => {
    if (body.includes('node(')) return { data: { node: bob(name) } };
    await isReleased;
    return { data: { viewer: { __typename: 'Viewer', id: 'ann' }, pinConversation: pinned } };
  };
  const world = createWorld({ answer });
  const cache = cacheExchange({
    keys: { PinConversationPayload: () => null },
    optimistic: { pinConversation: () => pinned },
  });
  const exchanges = [eventsOnTop(cache), palaverExchange(world.palaver)];
  const client = new Client({ url: 'https://chat.example/graphql', preferGetMethod: false, exchanges });
  const told = [[], []];
  told.forEach((mine, stream) => {
    const ids = ['bob', 'dan'].slice(0, 2 - stream);
    client.subscription(PRESENCE, { ids }).subscribe(({ data }) => mine.push(data.presence.user.name));
  });
  let shown;
  client.query(BOB, {}).subscribe(({ data }) => (shown = data.node.name));
  const socket = await world.connected();
  return {
    client,
    told,
    shown: () => shown,
    async tell(words, stream = 0) {
      socket.event({ __typename: 'PresenceEvent', user: bob(words) }, socket.subscribed[stream], 'presence');
      await settle();
    },
    async ask(words) {
      name = words;
      await client.query(BOB, {}, { requestPolicy: 'network-only' }).toPromise();
      assert.equal(shown, words);
    },
    async release() {
      release();
      await settle();
    },
  };
}

test('an event is newer than an answer that came before it, while an older question waits', async () => {
  const page = await showBob();
  page.client.query(VIEWER, {}).subscribe(() => {});
  for (const turn of [1, 2, 3]) {
    await page.ask(`answer ${turn}`);
    await page.tell(`event ${turn}`);
    assert.equal(page.shown(), `event ${turn}`);
  }
  await page.release();
  assert.equal(page.shown(), 'event 3');
  await page.tell('event 4');
  assert.equal(page.shown(), 'event 4');
  assert.deepEqual(page.told, [['event 1', 'event 2', 'event 3', 'event 4'], []]);
});

test('it is newer than an event of another stream that came before it', async () => {
  const page = await showBob();
  page.client.query(VIEWER, {}).subscribe(() => {});
  await page.ask('answer');
  for (const [turn, stream] of [0, 1, 0, 1].entries()) {
    await page.tell(`event ${turn}`, stream);
    assert.equal(page.shown(), `event ${turn}`);
  }
  await page.release();
  assert.equal(page.shown(), 'event 3');
  assert.deepEqual(page.told, [['event 0', 'event 2'], ['event 1', 'event 3']]);
});

test('it is newer than an answer that came before it, while what was done is shown before it is', async () => {
  const page = await showBob();
  page.client.mutation(PIN, {}).toPromise();
  for (const turn of [1, 2, 3]) {
    await page.ask(`answer ${turn}`);
    await page.tell(`event ${turn}`);
    assert.equal(page.shown(), `event ${turn}`);
  }
  await page.release();
  assert.equal(page.shown(), 'event 3');
});

test('a stream ends for who follows it as it does without', async () => {
  const page = await showBob();
  const results = [];
  const following = page.client.subscription(PRESENCE, { ids: ['eve'] }).subscribe((result) => results.push(result));
  await settle();
  await page.tell('told', 2);
  following.unsubscribe();
  await page.tell('not told', 2);
  assert.deepEqual(
    results.map(({ operation, data }) => [operation.variables.ids, data.presence.user.name]),
    [[['eve'], 'told']],
  );
});
