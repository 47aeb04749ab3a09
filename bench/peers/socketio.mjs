// REST on Fastify, and Socket.IO for what is live: the same content without GraphQL.
import Fastify from 'fastify';
import { Server } from 'socket.io';
import { align, findConversation, group, pageOfConversations, pageOfMessages, sendMessage, store, unique, viewerOf } from './market.mjs';
import { port } from './surroundings.mjs';
import { attachmentOf, conversationOf, counterpartOf, messageOf, userOf } from './wire.mjs';

const app = Fastify({ logger: false });
const io = new Server(app.server, { serveClient: false, transports: ['websocket'] });

app.decorateRequest('viewer', null);
app.addHook('onRequest', async (request, reply) => {
  if (request.url === '/readyz') return;
  try {
    request.viewer = await viewerOf(request.headers.authorization);
  } catch (error) {
    return reply.code(401).send({ errors: [{ message: error.message }] });
  }
});

const sayPerson = ({ id, name }) => ({ id, name });

async function sendersOf(messages) {
  const found = await store.users(unique(messages.map(({ senderKey }) => senderKey)));
  return new Map(found.map((row) => [row.id, userOf(row)]));
}

async function attachmentsOf(messages, viewer) {
  const carriers = messages.filter(({ hasFiles }) => hasFiles).map(({ key }) => key);
  const rows = carriers.length ? group(carriers, await store.attachments(carriers), 'message_id') : [];
  return new Map(carriers.map((key, place) => [key, rows[place].map((row) => attachmentOf(row, viewer))]));
}

app.get('/conversations/:id/messages', async ({ params, query, viewer }, reply) => {
  const row = await findConversation(viewer, params.id);
  if (!row) return reply.code(404).send({ conversation: null });
  const page = await pageOfMessages(row.id, { last: Number(query.last), before: query.before });
  const messages = page.edges.map(({ node }) => node);
  const [senders, attachments] = await Promise.all([sendersOf(messages), attachmentsOf(messages, viewer)]);
  const edges = page.edges.map(({ cursor, node: { key, senderKey, hasFiles, clientMessageId, ...message } }) => ({
    cursor,
    node: { ...message, sender: senders.get(senderKey), attachments: attachments.get(key) ?? [] },
  }));
  return { conversation: { id: params.id, messages: { edges, pageInfo: page.pageInfo } } };
});

app.get('/conversations', async ({ query, viewer }) => {
  const page = await pageOfConversations(viewer, { first: Number(query.first), after: query.after });
  const keys = page.edges.map(({ node }) => node.key);
  const wanted = page.edges.map(({ node }) => node.lastMessageKey);
  const [counterparts, last, unread] = await Promise.all([
    store.counterparts(viewer, keys),
    store.messages(wanted),
    store.unread(viewer, keys),
  ]);
  const others = align(keys, counterparts, 'conversation_id').map(counterpartOf);
  const messages = align(wanted, last, 'id').map(messageOf);
  const counts = align(keys, unread, 'conversation_id');
  const senders = await sendersOf(messages);
  const edges = page.edges.map(({ cursor, node: { key, lastMessageKey, ...conversation } }, place) => {
    const { key: _, senderKey, hasFiles, clientMessageId, ...message } = messages[place];
    const lastMessage = { ...message, sender: sayPerson(senders.get(senderKey)) };
    const unreadCount = Number(counts[place]?.unread ?? 0);
    return { cursor, node: { ...conversation, unreadCount, counterpart: others[place], lastMessage } };
  });
  const { hasNextPage, endCursor } = page.pageInfo;
  return { conversations: { edges, pageInfo: { hasNextPage, endCursor } } };
});

const tell = (key, { cursor, message: { id, seq, kind, body, createdAt, sender } }) =>
  io.to(key).emit('messageAdded', { cursor, message: { id, seq, kind, body, createdAt, sender: sayPerson(sender) } });

app.post('/conversations/:id/messages', async ({ params, body, viewer }, reply) => {
  const sent = await sendMessage(viewer, { conversationId: params.id, ...body }, tell);
  if (!sent) return reply.code(404).send({ message: null, errors: [{ code: 'NOT_FOUND' }] });
  const { id, seq, kind, body: words, createdAt, clientMessageId } = sent;
  return { message: { id, seq, kind, body: words, createdAt, clientMessageId }, errors: [] };
});

app.get('/readyz', () => 'ready');

io.use(async (socket, next) => {
  try {
    socket.data.viewer = await viewerOf(socket.handshake.auth.authorization);
    next();
  } catch (error) {
    next(error);
  }
});
io.on('connection', (socket) => {
  socket.on('follow', async (id, answer) => {
    const row = await findConversation(socket.data.viewer, id);
    if (row) socket.join(row.id);
    answer(Boolean(row));
  });
});

await app.listen({ host: '127.0.0.1', port });
