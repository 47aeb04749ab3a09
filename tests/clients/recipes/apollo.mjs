// Apollo Client 4: a thread that pages backwards, follows live, sends and uploads.
import { ApolloClient, ApolloLink, InMemoryCache, gql } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import UploadHttpLink from 'apollo-upload-client/UploadHttpLink.mjs';
import { createFetch } from './fetch.mjs';
import { createLiveClient } from './graphql-ws.mjs';

// `links` come before the one that sends: a PersistedQueryLink, as in apollo-persisted.mjs.
export function connect({ url, getToken, links = [], ...options }) {
  const live = createLiveClient({
    url,
    getToken,
    onReset: () => client.refetchQueries({ include: 'active' }),
    ...options,
  });
  const client = connectBy([
    ...links,
    ApolloLink.split(
      ({ operationType }) => operationType === 'subscription',
      new GraphQLWsLink(live),
      new UploadHttpLink({ uri: url, fetch: createFetch({ getToken }) }),
    ),
  ]);
  return client;
}

export const connectBy = (links, cacheOptions = { typePolicies }) =>
  new ApolloClient({ link: ApolloLink.from(links), cache: new InMemoryCache(cacheOptions) });

const typePolicies = {
  Query: { fields: { conversations: relayStylePagination(['filter']) } },
  Conversation: { fields: { messages: relayStylePagination() } },
};

const EDGE = gql`
  fragment ThreadEdge on MessageEdge {
    cursor
    node { id seq body createdAt sender { id name } attachments { id fileName url } }
  }
`;

export const THREAD = gql`
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

export const MESSAGE_ADDED = gql`
  subscription MessageAdded($conversationId: ID!, $after: String) {
    messageAdded(conversationId: $conversationId, after: $after) {
      cursor
      messageEdge { ...ThreadEdge }
      viewer { id unreadMessageCount }
    }
  }
  ${EDGE}
`;

export const SEND = gql`
  mutation Send($input: SendMessageInput!) {
    sendMessage(input: $input) {
      message { id }
      errors { code reason path }
    }
  }
`;

export const UPLOAD = gql`
  mutation Upload($input: UploadAttachmentInput!) {
    uploadAttachment(input: $input) {
      attachment { id fileName mimeType byteSize url }
      errors { code reason path }
    }
  }
`;

/** In React: `useQuery(THREAD, { variables })`, which gives `subscribeToMore` and `fetchMore` too. */
export async function openThread(client, conversationId) {
  const variables = { conversationId };
  await client.query({ query: THREAD, variables, fetchPolicy: 'network-only' });
  const thread = client.watchQuery({ query: THREAD, variables });
  const watching = thread.subscribe({});
  const read = () => client.readQuery({ query: THREAD, variables }).conversation;
  return {
    messages: () => read().messages.edges.map(({ node }) => node),

    async loadOlder() {
      const { hasPreviousPage, startCursor } = read().messages.pageInfo;
      if (hasPreviousPage) await thread.fetchMore({ variables: { before: startCursor } });
      return hasPreviousPage;
    },

    // Right after the query: the last edge is where the answer ended, and `cursor` stands for it while there is none.
    follow(onError) {
      const { cursor, messages } = read();
      return thread.subscribeToMore({
        document: MESSAGE_ADDED,
        variables: { conversationId, after: messages.edges.at(-1)?.cursor ?? cursor },
        updateQuery: (_, { complete, previousData, subscriptionData }) =>
          complete ? withEdge(previousData, subscriptionData.data.messageAdded.messageEdge) : undefined,
        onError,
      });
    },

    close: () => watching.unsubscribe(),
  };
}

/**
 * The list grows by what the stream says, one's own messages included, so that it never has a hole. After a refetch
 * some come twice.
 */
function withEdge(data, edge) {
  const { messages } = data.conversation;
  if (messages.edges.some(({ node }) => node.id === edge.node.id)) return data;
  return { conversation: { ...data.conversation, messages: { ...messages, edges: [...messages.edges, edge] } } };
}

/** Keep `clientMessageId` until there is an answer: sent again with the same one, it is the same message. */
export async function send(client, { conversationId, body, attachmentIds, clientMessageId }) {
  const input = { conversationId, body, attachmentIds, clientMessageId };
  const { data } = await client.mutate({ mutation: SEND, variables: { input } });
  return data.sendMessage;
}

export async function upload(client, file) {
  const { data } = await client.mutate({ mutation: UPLOAD, variables: { input: { file } } });
  return data.uploadAttachment;
}
