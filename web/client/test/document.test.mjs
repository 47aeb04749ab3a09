// What the library reads in a subscription's text, and what it adds: run on what was built, by `node --test`.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createRequire } from 'node:module';

const place = process.env.PALAVER_CLIENT;
const { planOf } = await import(pathToFileURL(`${place}/dist/document.js`));
const { buildSchema, parse, validate } = await import(pathToFileURL(createRequire(`${place}/`).resolve('graphql')));
const schema = buildSchema(readFileSync(`${place}/dist/schema.graphql`, 'utf8'));

/** The plan, whose text must still be a document of the schema's, and say the same when it is read again. */
function plan(query, name) {
  assert.deepEqual(validate(schema, parse(query)), [], 'the test itself');
  const found = planOf(query, name);
  if (found) {
    assert.deepEqual(validate(schema, parse(found.query)), []);
    assert.equal(planOf(found.query, name).query, found.query, 'nothing lacks any more');
  }
  return found;
}

const added = (query, name) => parse(plan(query, name).query).definitions.find(({ operation }) => operation === 'subscription');

test('what has all that is needed stays as it is, to the letter', () => {
  for (const query of [
    `subscription M($id: ID!, $after: String) {
       messageAdded(conversationId: $id, after: $after) { cursor message { id } } # a comment
     }`,
    'subscription($from:String){inbox(after:$from){__typename ...on ResumableEvent{cursor}}}',
    `subscription I($after: String) { inbox(after: $after) { ...E } }
     fragment E on InboxEvent { __typename ...C ... on ResetEvent { reason } } fragment C on ResumableEvent { cursor }`,
    `fragment E on Subscription { all: inbox(after: $after) { __typename ... on ResumableEvent { cursor } } }
     subscription I($after: String) { ...E }`,
  ]) assert.equal(plan(query).query, query);
});

test('a variable for the cursor is added, wherever there is room for it', () => {
  for (const query of [
    'subscription { inbox { __typename } }',
    'subscription Named { inbox { __typename } }',
    'subscription Named($id: ID!) { messageAdded(conversationId: $id) { message { id } } }',
    'subscription { it: messageAdded(conversationId: "x") { message { id } } }',
    'subscription { inbox(after: null) { __typename } }',
    'subscription { inbox(after: "a \\"b\\" }") { __typename } }',
    'subscription { ... on Subscription { inbox { __typename } } }',
    'subscription { ... { inbox { __typename } } }',
    'subscription ($x: Boolean = false) { inbox { ... on MessageAddedEvent { message { body @skip(if: $x) } } } }',
  ]) {
    const [variable] = added(query).variableDefinitions.filter(({ variable }) => variable.name.value === 'palaverAfter');
    assert.equal(variable.type.name.value, 'String', query);
    assert.equal(plan(query).after, 'palaverAfter');
  }
});

test('cursor and type are added where some event lacks them', () => {
  const selected = (query) => JSON.stringify(added(query).selectionSet);
  const lacks = [
    'subscription($after: String) { inbox(after: $after) { __typename } }',
    'subscription($after: String) { inbox(after: $after) { ... on MessageAddedEvent { cursor } } }',
    'subscription($after: String) { messageAdded(conversationId: "x", after: $after) { at: cursor } }',
  ];
  for (const query of lacks) {
    assert.notEqual(plan(query).query, query);
    assert.match(selected(query), /"value":"cursor"/);
  }
  assert.match(selected(lacks[1]), /"value":"__typename"/);
});

test('it knows the name of the answer, the start that the text gives, and what the stream is about', () => {
  const of = (query, name) => {
    const { key, initial, argument, stream, after } = plan(query, name);
    return [key, initial, argument, stream?.type, after];
  };
  assert.deepEqual(of('subscription { mine: inbox(after: "here") { __typename } }'),
    ['mine', 'here', undefined, 'InboxEvent', 'palaverAfter']);
  assert.deepEqual(of('subscription($c: ID!, $from: String = "there") { messageAdded(conversationId: $c, after: $from) { cursor } }'),
    ['messageAdded', 'there', '$c', 'MessageAddedEvent', 'from']);
  assert.deepEqual(of('subscription { conversationEvents(conversationId: "7") { __typename } }'),
    ['conversationEvents', undefined, '7', 'ConversationEvent', 'palaverAfter']);
  assert.deepEqual(of('subscription($c: ID!) { typing(conversationId: $c) { isTyping } }'),
    ['typing', undefined, undefined, undefined, 'palaverAfter']);
});

test('of several operations the one that is named is read', () => {
  const query = `query Q { viewer { id } } subscription A { inbox { __typename } }
    subscription B($c: ID!) { typing(conversationId: $c) { isTyping } } mutation M { __typename }`;
  assert.equal(plan(query, 'A').key, 'inbox');
  assert.equal(plan(query, 'B').key, 'typing');
  assert.equal(planOf(query), undefined);
  assert.equal(planOf(query, 'Q'), undefined);
});

test('what cannot hang is left to the server: no text makes it throw, or wait', () => {
  const whole = 'subscription A($c: ID! = "x") { a: messageAdded(conversationId: $c, after: """b""") { ...F } } fragment F on X { y }';
  for (let end = 0; end <= whole.length; end += 1) {
    planOf(whole.slice(0, end));
    planOf(whole.slice(end));
    planOf(whole.slice(0, end) + '{' + whole.slice(end));
    planOf(whole.slice(0, end) + ')' + whole.slice(end));
  }
  for (const text of ['"', '"""', '#', '{', '}', '(', '...', '$', '@', '%', '\u0000', 'fragment F on X { ...F }', '{'.repeat(10_000)]) {
    planOf(text);
    planOf(`subscription { inbox { ${text} } }`);
    planOf(`subscription { ${text} }`);
  }
  planOf('subscription { ...F } fragment F on Subscription { ...F ...G } fragment G on Subscription { ...F }');
});
