// Queries and mutations: tokens that are refused or end, servers that are away, files.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWorld, settle } from './world.mjs';

const REFUSED = { status: 401, errors: [{ message: 'Expired', extensions: { code: 'UNAUTHENTICATED' } }] };
const ask = { query: '{ viewer { id } }', variables: { a: 1 } };

const jwt = (claims) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;

test('an answer is given as it is, errors included', async () => {
  const result = { data: { viewer: null }, errors: [{ message: 'no' }], extensions: { cost: 1 } };
  const world = createWorld({ answer: () => result, headers: { 'x-mine': 'yes' } });
  assert.deepEqual(await world.palaver.execute(ask), result);
  const [{ url, headers, body }] = world.requests;
  assert.equal(url, 'https://chat.example/graphql');
  assert.equal(headers.authorization, 'Bearer token 1');
  assert.equal(headers['x-mine'], 'yes');
  assert.deepEqual(JSON.parse(body), ask);
});

test('a refused token is renewed once; many that are refused together ask for one', async () => {
  const world = createWorld({ answer: (time) => (time <= 3 ? REFUSED : { data: {} }) });
  const answers = await Promise.all([1, 2, 3].map(() => world.palaver.execute(ask)));
  assert.deepEqual(answers, [{ data: {} }, { data: {} }, { data: {} }]);
  assert.deepEqual(world.reasons, ['start', 'refused']);
  const hopeless = createWorld({ answer: () => REFUSED });
  assert.equal((await hopeless.palaver.execute(ask)).errors[0].message, 'Expired');
  assert.equal(hopeless.requests.length, 2);
});

test('a token is renewed before it ends, by its own measure and not by the clock of a phone', async () => {
  for (const wrong of [0, -86_400, 86_400]) {
    const world = createWorld({
      token: () => {
        const iat = Math.floor(Date.now() / 1000) + wrong;
        return jwt({ iat, exp: iat + 600 });
      },
    });
    await world.palaver.execute(ask);
    await world.after(569_000);
    await world.palaver.execute(ask);
    assert.deepEqual(world.reasons, ['start']);
    await world.after(2_000);
    await world.palaver.execute(ask);
    assert.deepEqual(world.reasons, ['start', 'expiring']);
  }
});

test('a token that cannot be read, or is over already, is used until the server refuses it', async () => {
  for (const token of ['opaque', jwt({}), jwt({ exp: 'x' }), jwt({ iat: 20, exp: 10 }), 'a.b.c']) {
    const world = createWorld({ token: () => token });
    await world.palaver.execute(ask);
    await world.after(86_400_000);
    await world.palaver.execute(ask);
    assert.deepEqual(world.reasons, ['start'], token);
  }
});

test('a server that is away is asked again, so often and not for ever', async () => {
  const away = [{ status: 503, text: '<html>' }, { status: 502, errors: [{ message: 'away' }] }];
  const world = createWorld({
    answer(time) {
      if (time === 1) throw new TypeError('fetch failed');
      return away[time - 2] ?? { data: { done: true } };
    },
  });
  const asked = world.palaver.execute(ask);
  for (let time = 0; time < 4; time += 1) await world.after(6_000);
  assert.deepEqual(await asked, { data: { done: true } });
  assert.equal(world.requests.length, 4);

  for (const [answer, code] of [
    [() => { throw new TypeError('fetch failed'); }, 0],
    [() => ({ status: 503, text: '<html>' }), 503],
  ]) {
    const hopeless = createWorld({ answer, attempts: 3 });
    const failed = assert.rejects(hopeless.palaver.execute(ask), { name: 'PalaverError', code });
    for (let time = 0; time < 4; time += 1) await hopeless.after(6_000);
    await failed;
    assert.equal(hopeless.requests.length, 3);
  }
});

test('a token that cannot be had is asked for again, so often and not for ever', async () => {
  const failing = (times) => (time) => {
    if (time <= times) throw new TypeError('fetch failed');
    return 'token';
  };
  const world = createWorld({ token: failing(1) });
  const asked = world.palaver.execute(ask);
  for (let time = 0; time < 4; time += 1) await world.after(6_000);
  assert.deepEqual(await asked, { data: {} });
  assert.deepEqual(world.reasons, ['start', 'start']);

  const hopeless = createWorld({ token: failing(9), attempts: 3 });
  const failed = assert.rejects(hopeless.palaver.execute(ask), { name: 'PalaverError', code: 0 });
  for (let time = 0; time < 4; time += 1) await hopeless.after(6_000);
  await failed;
  assert.equal(hopeless.reasons.length, 3);
  assert.equal(hopeless.requests.length, 0);
});

test('what is no GraphQL is told at once', async () => {
  for (const text of ['<html>', '[]', '"data"', 'null', '{}', '']) {
    const world = createWorld({ answer: () => ({ status: 404, text }) });
    await assert.rejects(world.palaver.execute(ask), { code: 404 });
    assert.equal(world.requests.length, 1);
  }
});

test('who gives up is obeyed, also while it waits', async () => {
  const world = createWorld({ answer: () => { throw new TypeError('fetch failed'); } });
  const controller = new AbortController();
  const asked = assert.rejects(world.palaver.execute(ask, { signal: controller.signal }), { name: 'AbortError' });
  await settle();
  controller.abort();
  await asked;
  await world.after(60_000);
  assert.equal(world.requests.length, 1);
});

test('files go by the multipart request, wherever they stand', async () => {
  const world = createWorld();
  const [a, b] = [new File(['a'], 'a.txt'), new Blob(['b'])];
  const when = new Date(0);
  await world.palaver.execute({ query: 'q', variables: { input: { files: [a, { b }], when }, same: a } });
  const [{ headers, body }] = world.requests;
  assert.equal(headers['graphql-require-preflight'], 'yes');
  assert.equal(headers['content-type'], undefined, 'fetch writes it, with its boundary');
  assert.deepEqual(JSON.parse(body.get('operations')).variables,
    { input: { files: [null, { b: null }], when: when.toJSON() }, same: null });
  assert.deepEqual(JSON.parse(body.get('map')),
    { 0: ['variables.input.files.0'], 1: ['variables.input.files.1.b'], 2: ['variables.same'] });
  assert.equal(body.get('0').name, 'a.txt');
  assert.equal(await body.get('1').text(), 'b');
});
