// urql with Graphcache: a thread that pages backwards, follows live, sends and uploads.
import { Client, fetchExchange, gql, subscriptionExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { createFetch } from './fetch.mjs';
import { createLiveClient } from './graphql-ws.mjs';

// `exchanges` come before the one that sends: a persistedExchange, as in urql-persisted.mjs.
export function connect({ url, getToken, exchanges = [], ...options }) {
  const live = createLiveClient({
    url,
    getToken,
    onReset: (variables) => client.query(THREAD, variables, { requestPolicy: 'network-only' }).toPromise(),
    ...options,
  });
  const client = connectBy({
    url,
    fetch: createFetch({ getToken }),
    last: [
      ...exchanges,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (request) => ({ subscribe: (sink) => ({ unsubscribe: live.subscribe(request, sink) }) }),
      }),
    ],
  });
  return client;
}

const KEYS = { MessageAddedEvent: () => null, SendMessagePayload: () => null, UploadAttachmentPayload: () => null };

/**
 * `first` are the exchanges before the cache, `last` those after it; `around` is for `eventsOnTop` of `@palaver/client/urql`,
 * which a page needs that follows what it also asks for again.
 */
export const connectBy = ({ first = [], last, cache = { keys: KEYS }, around = (exchange) => exchange, ...options }) =>
  new Client({
    ...options,
    preferGetMethod: false,
    exchanges: [
      ...first,
      around(
        cacheExchange({
          ...cache,
          resolvers: {
            Query: { conversations: relayPagination() },
            Conversation: { messages: relayPagination() },
          },
          updates: {
            Conversation: { messages: forgetOlderPages },
            Subscription: { messageAdded: addMessage },
          },
        }),
      ),
      ...last,
    ],
  });

const EDGE = gql`
  fragment ThreadEdge on MessageEdge {
    cursor
    node { id seq body createdAt sender { id name } attachments { id fileName url } }
  }
`;

const THREAD = gql`
  query Thread($conversationId: ID!, $before: String) {
    conversation(id: $conversationId) {
      id
      cursor
      unreadCount
      messages(last: 5, before: $before) {
        edges { ...ThreadEdge }
        pageInfo { hasPreviousPage startCursor hasNextPage endCursor }
      }
    }
  }
  ${EDGE}
`;

const MESSAGE_ADDED = gql`
  subscription MessageAdded($conversationId: ID!, $after: String) {
    messageAdded(conversationId: $conversationId, after: $after) {
      cursor
      messageEdge { ...ThreadEdge }
      viewer { id unreadMessageCount }
    }
  }
  ${EDGE}
`;

const SEND = gql`
  mutation Send($input: SendMessageInput!) {
    sendMessage(input: $input) {
      message { id }
      errors { code reason path }
    }
  }
`;

const UPLOAD = gql`
  mutation Upload($input: UploadAttachmentInput!) {
    uploadAttachment(input: $input) {
      attachment { id fileName mimeType byteSize url }
      errors { code reason path }
    }
  }
`;

/**
 * The list grows by what the stream says, one's own messages included, so that it never has a hole. After a refetch
 * some come twice.
 */
function addMessage({ messageAdded }, { conversationId }, cache) {
  const { messageEdge } = messageAdded;
  cache.updateQuery({ query: THREAD, variables: { conversationId } }, (data) => {
    if (!data?.conversation) return data; // Followed by who has not opened the thread.
    const { edges } = data.conversation.messages;
    if (edges.some(({ node }) => node.id === messageEdge.node.id)) return data;
    edges.push(messageEdge);
    return data;
  });
}

/** A newest page that was fetched again and begins elsewhere may have a hole before it: older ones go too. */
function forgetOlderPages({ id, messages }, { before }, cache) {
  if (before) return;
  const conversation = { __typename: 'Conversation', id };
  const pages = cache.inspectFields(conversation).filter((field) => field.fieldName === 'messages');
  const older = pages.filter((page) => page.arguments.before);
  if (older.some((page) => page.arguments.before === messages.pageInfo.startCursor)) return;
  older.forEach((page) => cache.invalidate(conversation, page.fieldKey));
}

/** In React: `useQuery({ query: THREAD, variables })` and `useSubscription({ query: MESSAGE_ADDED, variables })`. */
export async function openThread(client, conversationId) {
  const variables = { conversationId };
  let thread;
  await client.query(THREAD, variables, { requestPolicy: 'network-only' }).toPromise();
  const watching = client.query(THREAD, variables).subscribe(({ data }) => (thread = data.conversation));
  return {
    messages: () => thread.messages.edges.map(({ node }) => node),

    async loadOlder() {
      const { hasPreviousPage, startCursor } = thread.messages.pageInfo;
      if (hasPreviousPage) await client.query(THREAD, { ...variables, before: startCursor }).toPromise();
      return hasPreviousPage;
    },

    // Right after the query: the last edge is where the answer ended, and `cursor` stands for it while there is none.
    follow(onError) {
      const after = thread.messages.edges.at(-1)?.cursor ?? thread.cursor;
      const following = client.subscription(MESSAGE_ADDED, { ...variables, after });
      return following.subscribe(({ error }) => error && onError(error)).unsubscribe;
    },

    close: () => watching.unsubscribe(),
  };
}

/** Keep `clientMessageId` until there is an answer: sent again with the same one, it is the same message. */
export async function send(client, { conversationId, body, attachmentIds, clientMessageId }) {
  const input = { conversationId, body, attachmentIds, clientMessageId };
  const { data, error } = await client.mutation(SEND, { input }).toPromise();
  if (error) throw error;
  return data.sendMessage;
}

export async function upload(client, file) {
  const { data, error } = await client.mutation(UPLOAD, { input: { file } }).toPromise();
  if (error) throw error;
  return data.uploadAttachment;
}
