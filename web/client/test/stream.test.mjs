// What a stream does with what it is told: errors of the moment, resets, places that are not known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INBOX, createWorld, settle } from './world.mjs';

const event = (cursor) => ({ __typename: 'MessageAddedEvent', cursor });
const reset = (cursor) => ({ __typename: 'ResetEvent', cursor, reason: 'Restored' });
const cursors = ({ events }) => events.map(({ cursor }) => cursor);

/** A promise, and what keeps it. */
function later() {
  let keep;
  const promise = new Promise((resolve) => (keep = resolve));
  return { promise, keep };
}

test('the place of now is asked first, so that a stream without events resumes too', async () => {
  const world = createWorld();
  const heard = world.follow({ query: 'subscription { inbox { __typename } }' });
  const first = await world.connected();
  assert.equal(first.subscribed[0].payload.query, '{viewer{inboxCursor}}');
  first.say({ id: '1', type: 'next', payload: { data: { viewer: { inboxCursor: 'now' } } } });
  first.say({ id: '1', type: 'complete' });
  assert.deepEqual(first.subscribed[1].payload.variables, { palaverAfter: 'now' });
  first.end(1006);
  await world.after(1_000);
  assert.deepEqual((await world.connected()).subscribed[0].payload.variables, { palaverAfter: 'now' });
  assert.deepEqual(heard.errors, []);
});

test('a question for the place that breaks off is asked again, and one that is refused is done without', async () => {
  const world = createWorld();
  world.follow({ query: 'subscription { messageAdded(conversationId: "x") { cursor } }' });
  (await world.connected()).end(1006);
  await world.after(1_000);
  const second = await world.connected();
  assert.deepEqual(second.subscribed[0].payload.variables, { id: 'x' });
  second.fail('DOCUMENT_NOT_TRUSTED');
  assert.match(second.subscribed[1].payload.query, /messageAdded/);
});

test('errors of the moment begin it again, so often and not for ever', async () => {
  const world = createWorld({ keepAlive: 3_600_000, linger: 3_600_000 });
  const heard = world.follow();
  const socket = await world.connected();
  socket.event(event('one'));
  socket.fail('RATE_LIMITED', { retryAfterMs: 30_000 });
  await world.after(29_999);
  assert.equal(socket.subscribed.length, 1);
  await world.after(2_000);
  assert.equal(socket.subscribed[1].payload.variables.after, 'one');
  for (let time = 0; time < 7; time += 1) {
    socket.fail('INTERNAL');
    await world.after(60_000);
    socket.say({ type: 'pong' });
  }
  assert.deepEqual(heard.errors.map(({ code }) => code), ['INTERNAL']);
});

test('other errors end it once and for all, and an end is an end', async () => {
  for (const code of ['NOT_FOUND', 'INVALID_CURSOR', 'GRAPHQL_VALIDATION_FAILED', 'FORBIDDEN']) {
    const world = createWorld();
    const heard = [world.follow(), world.follow()];
    const socket = await world.connected();
    socket.fail(code, {}, socket.subscribed[0]);
    socket.say({ id: socket.subscribed[1].id, type: 'complete' });
    socket.end(1006);
    await world.after(60_000);
    assert.equal(heard[0].errors[0].errors[0].extensions.code, code);
    assert.deepEqual(heard[1].errors, []);
    assert.ok(heard[1].isComplete);
    assert.equal(world.sockets.length, 1);
  }
});

test('after a reset it goes on from the fresh cursor, when what is shown has been fetched', async () => {
  for (const tell of [
    (socket) => socket.event(reset('fresh')),
    (socket) => socket.fail('CURSOR_EXPIRED', { cursor: 'fresh' }),
  ]) {
    const world = createWorld();
    const fetching = later();
    const told = [];
    world.palaver.onReset((it) => (told.push(it), fetching.promise));
    const heard = world.follow();
    const socket = await world.connected();
    tell(socket);
    await settle();
    assert.deepEqual(told.map(({ cursor, request }) => [cursor, request.query]), [['fresh', INBOX]]);
    assert.equal(socket.subscribed.length, 1);
    fetching.keep();
    await settle();
    assert.equal(socket.subscribed[1].payload.variables.after, 'fresh');
    socket.event(event('one'));
    assert.deepEqual(cursors(heard), ['one']);
    assert.deepEqual(heard.errors, []);
  }
});

test('a connection that breaks while it fetches does not begin it early, nor twice', async () => {
  const world = createWorld();
  const fetching = later();
  world.follow(undefined, { reset: () => fetching.promise });
  world.follow({ query: INBOX, variables: { after: 'other' } });
  const first = await world.connected();
  first.event(reset('fresh'), first.subscribed[0]);
  first.end(1006);
  await world.after(1_000);
  const second = await world.connected();
  assert.deepEqual(second.subscribed.map(({ payload }) => payload.variables.after), ['other']);
  fetching.keep();
  await settle();
  assert.deepEqual(second.subscribed.map(({ payload }) => payload.variables.after), ['other', 'fresh']);
});

test('streams that are reset at the same time fetch once, and once more for those that came meanwhile', async () => {
  const world = createWorld();
  const fetches = [];
  world.palaver.onReset(() => {
    fetches.push(later());
    return fetches.at(-1).promise;
  });
  for (let number = 0; number < 4; number += 1) world.follow();
  const socket = await world.connected();
  socket.subscribed.slice(0, 4).forEach((operation, index) => socket.event(reset(`fresh ${index}`), operation));
  await settle();
  assert.equal(fetches.length, 1);
  fetches[0].keep();
  await settle();
  assert.equal(fetches.length, 2);
  assert.equal(socket.subscribed.length, 5, 'the first goes on, the others wait for what was read after their cursors');
  fetches[1].keep();
  await settle();
  assert.equal(socket.subscribed.length, 8);
});

test('a reset that nobody obeys is told as it came', async () => {
  const world = createWorld();
  const heard = [world.follow(), world.follow()];
  const socket = await world.connected();
  socket.event(reset('fresh'), socket.subscribed[0]);
  socket.event(event('one'), socket.subscribed[0]);
  socket.fail('CURSOR_EXPIRED', { cursor: 'fresh' }, socket.subscribed[1]);
  assert.deepEqual(cursors(heard[0]), ['fresh', 'one']);
  assert.equal(heard[1].errors[0].code, 'CURSOR_EXPIRED');
});

test('a fetch that fails is no reason to stay silent', async () => {
  const world = createWorld();
  world.follow(undefined, { reset: () => Promise.reject(new Error('no answer')) });
  world.follow(undefined, { reset() { throw new Error('no answer'); } });
  const socket = await world.connected();
  for (const operation of [...socket.subscribed]) socket.event(reset('fresh'), operation);
  await settle();
  assert.equal(socket.subscribed.length, 4);
});

test('a registered document resumes by its variable, and fetches again when its place was not known', async () => {
  const world = createWorld();
  const fetching = later();
  const told = [];
  world.palaver.onReset((it) => (told.push(it.cursor), fetching.promise));
  const heard = world.follow({ documentId: 'abc', variables: { kind: 'x' } });
  const first = await world.connected();
  assert.deepEqual(first.subscribed[0].payload, { documentId: 'abc', variables: { kind: 'x' } });
  first.end(1006);
  await world.after(1_000);
  const second = await world.connected();
  assert.deepEqual(told, [null]);
  second.event(event('one'));
  assert.deepEqual(cursors(heard), [], 'what comes while it fetches waits');
  fetching.keep();
  await settle();
  second.event(event('two'));
  assert.deepEqual(cursors(heard), ['one', 'two']);
  second.end(1006);
  await world.after(1_000);
  assert.deepEqual((await world.connected()).subscribed[0].payload.variables, { kind: 'x', after: 'two' });
  assert.deepEqual(told, [null]);
});

test('a connection that breaks while it fetches for an unknown place makes it fetch once more', async () => {
  const world = createWorld();
  const fetches = [];
  world.palaver.onReset(() => {
    fetches.push(later());
    return fetches.at(-1).promise;
  });
  const heard = world.follow({ documentId: 'abc' });
  (await world.connected()).end(1006);
  await world.after(1_000);
  const second = await world.connected();
  second.event(event('before the hole'));
  second.end(1006);
  await world.after(1_000);
  const third = await world.connected();
  third.event(event('after it'));
  fetches[0].keep();
  await settle();
  assert.deepEqual(cursors(heard), [], 'what was read before the hole is not enough');
  assert.equal(fetches.length, 2);
  fetches[1].keep();
  await settle();
  assert.deepEqual(cursors(heard), ['after it']);
});

test('what a fetch that never ends holds back is bounded', async () => {
  const world = createWorld();
  let fetches = 0;
  world.palaver.onReset(() => (fetches += 1, fetches === 1 ? new Promise(() => {}) : undefined));
  const heard = world.follow({ documentId: 'abc' });
  (await world.connected()).end(1006);
  await world.after(1_000);
  const second = await world.connected();
  for (let number = 0; number <= 1_000; number += 1) second.event(event(`${number}`));
  assert.equal(second.subscribed.length, 2, 'it is begun again');
  assert.equal(heard.events.length, 0);
});

test('hints are not resumed, and nothing is fetched for them', async () => {
  for (const request of [
    { query: 'subscription($c: ID!) { typing(conversationId: $c) { isTyping } }', variables: { c: 'x' } },
    { documentId: 'typing', variables: { c: 'x' } },
  ]) {
    const world = createWorld();
    let fetches = 0;
    world.palaver.onReset(() => (fetches += 1));
    const heard = world.follow(request);
    const first = await world.connected();
    first.event({ isTyping: true }, undefined, 'typing');
    first.end(1006);
    await world.after(1_000);
    const second = await world.connected();
    assert.deepEqual(second.subscribed.at(-1).payload.variables, { c: 'x' });
    assert.equal(fetches, 0);
    assert.equal(heard.events.length, 1);
  }
});

test('a text that goes with its hash stays as it is', async () => {
  const world = createWorld();
  const request = { query: 'subscription { inbox { __typename } }', extensions: { persistedQuery: { sha256Hash: 'h' } } };
  world.follow(request);
  assert.deepEqual((await world.connected()).subscribed[0].payload, request);
});

test('it says that it catches up until something new comes, or nothing more', async () => {
  const world = createWorld();
  world.follow();
  const socket = await world.connected();
  assert.deepEqual(world.states, ['connecting', 'catching-up']);
  socket.say({ type: 'pong' });
  for (let number = 0; number < 20; number += 1) {
    await world.after(200);
    socket.event({ ...event(`${number}`), isReplay: true });
  }
  assert.equal(world.palaver.status.state, 'catching-up');
  socket.event({ ...event('new'), isReplay: false });
  assert.equal(world.palaver.status.state, 'live');
  socket.end(1006);
  await world.after(1_000);
  const second = await world.connected();
  second.say({ type: 'pong' });
  await world.after(1_000);
  assert.deepEqual(world.states.slice(3), ['offline', 'connecting', 'catching-up', 'live']);
});

test('while the server has not answered, its silence does not say that nothing was missed', async () => {
  const world = createWorld({ patience: 60_000, keepAlive: 5_000 });
  world.follow();
  const socket = await world.connected();
  const pings = () => socket.sent.filter(({ type }) => type === 'ping').length;
  world.follow();
  await settle();
  assert.equal(pings(), 2, 'what begins later is asked about too');
  socket.say({ type: 'pong' });
  await world.after(2_000);
  assert.equal(world.palaver.status.state, 'catching-up');
  await world.after(3_000);
  assert.equal(pings(), 3);
  socket.say({ type: 'pong' });
  await world.after(2_000);
  assert.equal(world.palaver.status.state, 'catching-up', 'this one was asked before');
  socket.say({ type: 'pong' });
  await world.after(299);
  assert.equal(world.palaver.status.state, 'catching-up');
  await world.after(1);
  assert.equal(world.palaver.status.state, 'live');
});
