// How it comes back: close codes, pauses, tokens, pings, and frames that go out no faster than they are taken.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INBOX, createWorld, settle } from './world.mjs';

const HOUR = 3_600_000;
const added = (cursor) => ({ __typename: 'MessageAddedEvent', cursor });

test('it goes on after the newest cursor, and what an old socket still says is nobody\'s', async () => {
  const world = createWorld();
  const heard = world.follow();
  const first = await world.connected();
  assert.equal(first.url, 'wss://chat.example/graphql');
  assert.equal(first.protocol, 'graphql-transport-ws');
  assert.deepEqual(first.sent[0], { type: 'connection_init', payload: { authorization: 'Bearer token 1' } });
  assert.equal(first.subscribed[0].payload.variables.after, 'start');
  first.event(added('one'));
  first.event(added('two'));
  first.end(1006);
  await world.after(1_000);
  first.say({ type: 'connection_ack' });
  assert.equal(world.palaver.status.state, 'connecting');
  const second = await world.connected();
  assert.equal(second.subscribed[0].payload.variables.after, 'two');
  first.event(added('two and a half'));
  first.end(1006);
  second.event(added('three'));
  assert.deepEqual(heard.events.map(({ cursor }) => cursor), ['one', 'two', 'three']);
  assert.equal(world.sockets.length, 2);
});

test('without a WebSocket it refuses at once, in words', (t) => {
  const { WebSocket } = globalThis;
  t.after(() => Object.assign(globalThis, { WebSocket }));
  globalThis.WebSocket = undefined;
  const asked = [];
  const make = (given) => createWorld({ WebSocket: given, token: () => asked.push('token') });
  for (const given of [undefined, null, { WebSocket: class {} }]) {
    assert.throws(() => make(given), { name: 'TypeError', message: /no WebSocket.*package ws/ });
  }
  assert.deepEqual(asked, []);
  globalThis.WebSocket = class {};
  assert.doesNotThrow(() => make(undefined));
});

test('an event that the application failed to take is told again', async () => {
  const world = createWorld();
  let isBroken = true;
  world.follow(undefined, { next() { if (isBroken) throw new Error('of the application'); } });
  const first = await world.connected();
  assert.throws(() => first.event(added('one')), /of the application/);
  isBroken = false;
  first.end(1012);
  await world.after(1_000);
  assert.equal((await world.connected()).subscribed[0].payload.variables.after, 'start');
});

test('after most close codes it comes back', async () => {
  for (const code of [1000, 1001, 1005, 1006, 1008, 1011, 1012, 1013, 4403, 4408, 4500]) {
    const world = createWorld();
    const heard = world.follow();
    (await world.connected()).end(code);
    assert.equal(world.palaver.status.state, 'offline', code);
    assert.equal(world.palaver.status.problem.code, code);
    await world.after(2_000);
    await world.connected();
    assert.equal(world.sockets.length, 2, code);
    assert.deepEqual(heard.errors, []);
    world.palaver.close();
  }
});

test('after those that say that the client is wrong it does not', async () => {
  for (const code of [1009, 4400, 4401, 4406, 4409, 4429]) {
    const world = createWorld();
    const heard = [world.follow(), world.follow()];
    (await world.connected()).end(code, 'why');
    await world.after(HOUR);
    assert.equal(world.sockets.length, 1, code);
    for (const { errors } of heard) assert.deepEqual(errors.map((error) => [error.code, error.message]), [[code, 'why']]);
    assert.equal(world.palaver.status.state, 'idle');
  }
});

test('pauses grow to a limit, and the server that asks to be left alone is', async (context) => {
  context.mock.method(Math, 'random', () => 0.5);
  const waits = async (code) => {
    const world = createWorld({ longestPause: 5_000 });
    world.follow();
    const found = [];
    for (let time = 0; time < 7; time += 1) {
      await settle();
      world.socket.end(code);
      found.push(world.palaver.status.retryAt - Date.now());
      await world.after(found.at(-1));
    }
    world.palaver.close();
    return found;
  };
  assert.deepEqual(await waits(1006), [200, 400, 800, 1600, 3200, 5000, 5000]);
  assert.deepEqual(await waits(1013), [1000, 2000, 4000, 5000, 5000, 5000, 5000]);
});

test('not all clients come back at the same time', async () => {
  const times = new Set();
  for (let client = 0; client < 20; client += 1) {
    const world = createWorld();
    world.follow();
    (await world.connected()).end(1012);
    times.add(world.palaver.status.retryAt);
  }
  assert.ok(times.size > 15);
});

test('a token that ended is renewed at once, and one that is refused again not at once', async () => {
  const world = createWorld();
  world.follow();
  const first = await world.connected();
  await world.after(10_000);
  first.end(4403);
  await world.after(0);
  await settle();
  assert.deepEqual(world.reasons, ['start', 'refused']);
  assert.equal(world.sockets.length, 2);
  world.socket.end(4403);
  await world.after(0);
  await settle();
  assert.equal(world.sockets.length, 2);
  await world.after(2_000);
  await settle();
  assert.equal(world.sockets.length, 3);
  assert.deepEqual(world.reasons, ['start', 'refused', 'refused']);
});

test('a host that has no token for a while is asked again', async () => {
  const world = createWorld({
    token(time) {
      if (time < 3) throw new Error('The host is away');
      return 'good';
    },
  });
  world.follow();
  await settle();
  assert.equal(world.palaver.status.state, 'offline');
  assert.equal(world.palaver.status.problem.cause.message, 'The host is away');
  await world.after(1_000);
  await world.after(1_000);
  assert.equal((await world.connected()).sent[0].payload.authorization, 'Bearer good');
});

test('nobody answers when it connects, or later: it tries another connection', async () => {
  const world = createWorld({ patience: 5_000, keepAlive: 10_000 });
  world.follow();
  await settle();
  await world.after(5_000);
  assert.equal(world.palaver.status.state, 'offline');
  assert.ok(world.socket.isClosed);
  await world.after(2_000);
  const second = await world.connected();
  const pings = () => second.sent.filter(({ type }) => type === 'ping').length;
  const first = pings();
  await world.after(10_000);
  assert.equal(pings(), first + 1);
  second.say({ type: 'pong' });
  await world.after(9_000);
  second.event(added('one'));
  await world.after(9_999);
  assert.equal(pings(), first + 1, 'whoever has just spoken is not asked');
  await world.after(1);
  await world.after(5_000);
  assert.equal(world.palaver.status.state, 'offline');
});

test('the server\'s ping is answered', async () => {
  const world = createWorld();
  world.follow();
  const socket = await world.connected();
  socket.say({ type: 'ping' });
  assert.deepEqual(socket.sent.at(-1), { type: 'pong' });
});

test('woken, it does not wait, and sees whether the connection lives', async () => {
  const world = createWorld({ patience: 5_000 });
  world.follow();
  (await world.connected()).end(1006);
  world.palaver.wake();
  await settle();
  const second = await world.connected();
  assert.equal(world.sockets.length, 2);
  world.palaver.wake();
  assert.deepEqual(second.sent.at(-1), { type: 'ping' });
  await world.after(5_000);
  assert.equal(world.palaver.status.state, 'offline');
});

test('no more frames go out than the server takes, and what was stopped meanwhile never does', async () => {
  const world = createWorld();
  const heard = Array.from({ length: 50 }, (_, index) => world.follow({ query: INBOX, variables: { after: `${index}` } }));
  const socket = await world.connected();
  assert.ok(socket.sent.length < 50);
  heard[48].stop();
  heard[0].stop();
  await world.after(2_100);
  const afters = socket.subscribed.map(({ payload }) => payload.variables.after);
  assert.deepEqual(afters, Array.from({ length: 50 }, (_, index) => `${index}`).filter((after) => after !== '48'));
  assert.deepEqual(socket.sent.filter(({ type }) => type === 'complete').map(({ id }) => id), [socket.subscribed[0].id]);
});

test('a socket that nothing runs on is closed after a while, and opened again when it is needed', async () => {
  const world = createWorld({ linger: 5_000 });
  const heard = world.follow();
  const socket = await world.connected();
  heard.stop();
  assert.equal(socket.sent.at(-1).type, 'complete');
  await world.after(4_000);
  world.follow().stop();
  await world.after(4_000);
  assert.equal(socket.isClosed, false);
  await world.after(1_000);
  assert.ok(socket.isClosed);
  assert.equal(world.palaver.status.state, 'idle');
  world.follow();
  await world.connected();
  assert.equal(world.sockets.length, 2);
});

test('stopped while it waits, or closed, it never comes back', async () => {
  for (const stop of [(world, heard) => heard.stop(), (world) => world.palaver.close()]) {
    const world = createWorld();
    const heard = world.follow();
    (await world.connected()).end(1006);
    stop(world, heard);
    await world.after(HOUR);
    assert.equal(world.sockets.filter(({ isClosed }) => !isClosed).length, 0);
    assert.equal(world.palaver.status.state, 'idle');
    assert.deepEqual(heard, { ...heard, events: [], errors: [], isComplete: false });
  }
});
