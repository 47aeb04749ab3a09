// Mercurius with its JIT compiler, its loaders and its subscriptions, on Fastify.
import Fastify from 'fastify';
import mercurius from 'mercurius';
import { align, group, store, unique, viewerOf } from './market.mjs';
import { rootsOver, typeDefs } from './roots.mjs';
import { port } from './surroundings.mjs';
import { attachmentOf, counterpartOf, messageOf, userOf } from './wire.mjs';

const app = Fastify({ logger: false });

async function senders(queries) {
  const wanted = unique(queries.filter(({ obj }) => !obj.sender).map(({ obj }) => obj.senderKey));
  const found = new Map((wanted.length ? await store.users(wanted) : []).map((row) => [row.id, userOf(row)]));
  return queries.map(({ obj }) => obj.sender ?? found.get(obj.senderKey));
}

async function attachments(queries, { viewer }) {
  const carriers = queries.filter(({ obj }) => obj.hasFiles).map(({ obj }) => obj.key);
  const rows = carriers.length ? await store.attachments(carriers) : [];
  const found = new Map(carriers.map((key, place) => [key, group(carriers, rows, 'message_id')[place]]));
  return queries.map(({ obj }) => (found.get(obj.key) ?? []).map((row) => attachmentOf(row, viewer)));
}

const loaders = {
  Message: {
    // Nothing is kept between two requests, so there is nothing that a cache of one request could add.
    sender: { loader: senders, opts: { cache: false } },
    attachments: { loader: attachments, opts: { cache: false } },
  },
  Conversation: {
    async counterpart(queries, { viewer }) {
      const keys = queries.map(({ obj }) => obj.key);
      return align(keys, await store.counterparts(viewer, keys), 'conversation_id').map(counterpartOf);
    },
    async lastMessage(queries) {
      const keys = queries.map(({ obj }) => obj.lastMessageKey);
      return align(keys, await store.messages(keys), 'id').map(messageOf);
    },
    async unreadCount(queries, { viewer }) {
      const keys = queries.map(({ obj }) => obj.key);
      return align(keys, await store.unread(viewer, keys), 'conversation_id').map((row) => Number(row?.unread ?? 0));
    },
  },
};

app.register(mercurius, {
  schema: typeDefs,
  resolvers: rootsOver({
    publish: ({ pubsub }, topic, payload) => pubsub.publish({ topic, payload }),
    follow: ({ pubsub }, topic) => pubsub.subscribe(topic),
  }),
  loaders,
  jit: 1,
  path: '/graphql',
  context: async (request) => ({ viewer: await viewerOf(request.headers.authorization) }),
  subscription: {
    onConnect: async ({ payload }) => ({ viewer: await viewerOf(payload?.authorization) }),
    context: () => ({}),
  },
});
app.get('/readyz', () => 'ready');
await app.listen({ host: '127.0.0.1', port });
