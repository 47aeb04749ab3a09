// Apollo Server on Express, with DataLoader, and graphql-ws for subscriptions.
import { createServer } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import { makeExecutableSchema } from '@graphql-tools/schema';
import DataLoader from 'dataloader';
import express from 'express';
import { PubSub } from 'graphql-subscriptions';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { GraphQLError } from 'graphql';
import { align, group, store, viewerOf } from './market.mjs';
import { rootsOver, typeDefs } from './roots.mjs';
import { port } from './surroundings.mjs';
import { attachmentOf, counterpartOf, messageOf, userOf } from './wire.mjs';

const pubsub = new PubSub();
pubsub.ee.setMaxListeners(0);

const loadersOf = (viewer) => ({
  user: new DataLoader(async (keys) => align(keys, await store.users(keys), 'id').map(userOf)),
  attachments: new DataLoader(async (keys) => group(keys, await store.attachments(keys), 'message_id')),
  counterpart: new DataLoader(async (keys) =>
    align(keys, await store.counterparts(viewer, keys), 'conversation_id').map(counterpartOf),
  ),
  message: new DataLoader(async (keys) => align(keys, await store.messages(keys), 'id').map(messageOf)),
  unread: new DataLoader(async (keys) =>
    align(keys, await store.unread(viewer, keys), 'conversation_id').map((row) => Number(row?.unread ?? 0)),
  ),
});

async function contextOf(authorization) {
  try {
    const viewer = await viewerOf(authorization);
    return { viewer, loaders: loadersOf(viewer) };
  } catch (error) {
    throw new GraphQLError(error.message, { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });
  }
}

const roots = rootsOver({
  publish: (_, topic, payload) => pubsub.publish(topic, payload),
  follow: (_, topic) => pubsub.asyncIterableIterator(topic),
});
const schema = makeExecutableSchema({
  typeDefs,
  resolvers: {
    ...roots,
    Message: {
      sender: (message, _, { loaders }) => message.sender ?? loaders.user.load(message.senderKey),
      async attachments(message, _, { viewer, loaders }) {
        if (!message.hasFiles) return [];
        return (await loaders.attachments.load(message.key)).map((row) => attachmentOf(row, viewer));
      },
    },
    Conversation: {
      ...roots.Conversation,
      counterpart: ({ key }, _, { loaders }) => loaders.counterpart.load(key),
      lastMessage: ({ lastMessageKey }, _, { loaders }) => loaders.message.load(lastMessageKey),
      unreadCount: ({ key }, _, { loaders }) => loaders.unread.load(key),
    },
  },
});

const app = express();
const server = createServer(app);
useServer(
  {
    schema,
    onConnect: async ({ connectionParams, extra }) => {
      extra.viewer = await viewerOf(connectionParams?.authorization);
    },
    context: ({ extra: { viewer } }) => ({ viewer, loaders: loadersOf(viewer) }),
  },
  new WebSocketServer({ server, path: '/graphql' }),
);
const apollo = new ApolloServer({ schema });
await apollo.start();
app.get('/readyz', (_, response) => response.send('ready'));
const middleware = expressMiddleware(apollo, { context: ({ req }) => contextOf(req.headers.authorization) });
app.use('/graphql', express.json(), middleware);
server.listen(port, '127.0.0.1');
