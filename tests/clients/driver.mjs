// Runs a recipe for the tests: one command a line from standard input, one answer a line on standard output.
import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import WebSocket from 'ws';

const { recipe, url, secret, sub, name, role, keepAlive, manifest, ...setup } = JSON.parse(process.argv[2]);
const frontend = await import(`./recipes/${recipe}.mjs`);
const { connect, openThread, send, upload, followMessages, followConversation, followInbox } = frontend;

const warnings = [];
console.warn = console.error = (...words) => warnings.push(words.join(' '));

const base64 = (text) => Buffer.from(text).toString('base64url');

function signToken() {
  const now = Math.floor(Date.now() / 1000);
  const payload = JSON.stringify({ sub, name, roles: [role], iat: now, exp: Date.now() / 1000 + seconds });
  const signed = `${base64('{"alg":"HS256","typ":"JWT"}')}.${base64(payload)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

let { seconds } = setup;

// As a page does it: the token is kept until the server refuses it.
let token = signToken();
let renewals = 0;

async function getToken({ fresh }) {
  if (fresh) {
    renewals += 1;
    token = signToken();
  }
  return token;
}

const client = connect({ url: `${url}/graphql`, getToken, webSocketImpl: WebSocket, keepAlive, manifest });
const problems = [];
const complain = (problem) => void problems.push(String(problem?.message ?? JSON.stringify(problem)));
const seen = {};
const states = [];
client.onStatus?.(({ state, retryAt }) => states.push(retryAt ? `${state}, tries again` : state));
let thread;

const commands = {
  open: async (conversationId) => {
    thread = await openThread(client, conversationId);
    return thread.messages();
  },
  messages: () => thread.messages(),
  older: () => thread.loadOlder(),
  follow: () => void thread.follow(complain),
  // What a stream says, before any client could drop what it has already.
  watch({ stream, conversationId, after, as = '' }) {
    const mine = (seen[as] ??= []);
    const takeMessage = ({ messageEdge }) => mine.push(messageEdge.node.body);
    const takeEvent = ({ message }) => message && mine.push(message.body);
    if (stream === 'messages') followMessages(client, conversationId, after, takeMessage, complain);
    else if (stream === 'conversation') followConversation(client, conversationId, after, takeEvent, complain);
    else followInbox(client, after, takeEvent, complain);
  },
  // As a part of a page that shows no thread, such as a badge; by urql alone.
  elsewhere: ([query, variables]) =>
    void client.subscription(query, variables).subscribe(({ data, error }) => {
      if (error) complain(error);
      if (data) (seen[''] ??= []).push(data.messageAdded.messageEdge.node.body);
    }),
  seen: (as) => seen[as ?? ''] ?? [],
  states: () => states,
  // How long the tokens signed from now on are good.
  lifetime: (good) => void (seconds = good),
  send: (message) => send(client, message),
  upload: ({ text, fileName, type }) => upload(client, new File([text], fileName, { type })),
  report: () => ({ warnings, problems, renewals }),
  // Several writers until told to stop: the bodies that were acknowledged, of each writer in order.
  async write({ conversationId, writers }) {
    isWriting = true;
    return Promise.all(Array.from({ length: writers }, (_, writer) => writeOn(conversationId, writer)));
  },
  stop: () => void (isWriting = false),
};

let isWriting = false;

async function writeOn(conversationId, writer) {
  const acknowledged = [];
  while (isWriting) {
    const body = `${name} ${writer}.${acknowledged.length}`;
    await sendUntilAnswered({ conversationId, body, clientMessageId: randomUUID() });
    acknowledged.push(body);
    // The server takes more than a page can show: without a pause its events leave no time for anything else.
    await pause(20);
  }
  return acknowledged;
}

// A server that dies every few seconds outlasts a recipe's patience; then a person presses the button again.
async function sendUntilAnswered(message) {
  for (;;) {
    const { errors } = await send(client, message).catch(() => ({}));
    if (errors?.length > 0) throw new Error(JSON.stringify(errors));
    if (errors) return;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, command, argument } = JSON.parse(line);
  const answer = (reply) => process.stdout.write(`${JSON.stringify({ id, ...reply })}\n`);
  Promise.resolve()
    .then(() => commands[command](argument))
    .then((value) => answer({ value: value ?? null }))
    .catch((error) => answer({ error: String(error?.stack ?? error) }));
}
process.exit(0);
