// The root fields of the GraphQL peers. What lies below them is loaded in the way of each library.
import { readFileSync } from 'node:fs';
import { findConversation, pageOfConversations, pageOfMessages, sendMessage } from './market.mjs';
import { conversationOf } from './wire.mjs';

export const typeDefs = readFileSync(new URL('./market.graphql', import.meta.url), 'utf8');

const topicOf = (key) => `messageAdded:${key}`;

/** Resolvers over a library's own way to publish and to follow a topic, each given the context first. */
export const rootsOver = ({ publish, follow }) => ({
  Query: {
    async conversation(_, { id }, { viewer }) {
      const row = await findConversation(viewer, id);
      return row && conversationOf(row);
    },
    conversations: (_, page, { viewer }) => pageOfConversations(viewer, page),
  },
  Conversation: {
    messages: ({ key }, page) => pageOfMessages(key, page),
  },
  Mutation: {
    async sendMessage(_, { input }, context) {
      const tell = (key, messageAdded) => publish(context, topicOf(key), { messageAdded });
      const message = await sendMessage(context.viewer, input, tell);
      return message ? { message, errors: [] } : { message: null, errors: [{ code: 'NOT_FOUND' }] };
    },
  },
  Subscription: {
    messageAdded: {
      async subscribe(_, { conversationId }, context) {
        const row = await findConversation(context.viewer, conversationId);
        if (!row) throw new Error('There is no such conversation.');
        return follow(context, topicOf(row.id));
      },
    },
  },
});
