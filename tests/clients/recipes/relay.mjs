// Relay: a network that resumes and uploads, and a thread that pages backwards, follows live, sends and uploads.
// The operations are in relay/Thread.js; relay-compiler makes __generated__ of them and of schema.graphql.
import relay from 'relay-runtime';
import { createFetch } from './fetch.mjs';
import { createLiveClient } from './graphql-ws.mjs';
import MessageAddedSubscription from './relay/__generated__/ThreadMessageAddedSubscription.graphql.js';
import OlderQuery from './relay/__generated__/ThreadOlderQuery.graphql.js';
import SendMutation from './relay/__generated__/ThreadSendMutation.graphql.js';
import ThreadQuery from './relay/__generated__/ThreadQuery.graphql.js';
import UploadMutation from './relay/__generated__/ThreadUploadMutation.graphql.js';

const { ConnectionHandler, Environment, Network, Observable, RecordSource, Store } = relay;

export function connect({ url, getToken, ...options }) {
  const fetch = createFetch({ getToken });
  const live = createLiveClient({
    url,
    getToken,
    onReset: (variables) => reload(environment, variables),
    ...options,
  });
  const environment = connectBy(
    Network.create(
      async (params, variables, cacheConfig, uploadables) => {
        const operation = { ...documentOf(params), variables };
        const response = await fetch(url, { method: 'POST', ...requestOf(operation, uploadables) });
        return response.json();
      },
      (params, variables) =>
        Observable.create((sink) => live.subscribe({ ...documentOf(params), variables }, sink)),
    ),
  );
  return environment;
}

export const connectBy = (network) => new Environment({ network, store: new Store(new RecordSource()) });

/** What relay-compiler was told to do: with `persistConfig` there is an id, else the text. */
const documentOf = ({ id, text }) => (id ? { documentId: id } : { query: text });

/**
 * JSON; with files, by the GraphQL multipart request specification. `uploadables` says where they belong:
 * { 'variables.input.file': file }.
 */
function requestOf(operation, uploadables) {
  if (!uploadables) return { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(operation) };
  const body = new FormData();
  const files = Object.entries(uploadables);
  body.append('operations', JSON.stringify(operation));
  body.append('map', JSON.stringify(Object.fromEntries(files.map(([path], index) => [index, [path]]))));
  files.forEach(([, file], index) => body.append(String(index), file));
  return { body };
}

const load = (environment, query, variables) =>
  relay.fetchQuery(environment, query, variables, { fetchPolicy: 'network-only' }).toPromise();

/** A thread's newest page again. */
export const reload = (environment, { conversationId }) => load(environment, ThreadQuery, { conversationId });

/** In React: `useLazyLoadQuery(ThreadQuery)`, `usePaginationFragment` with `loadPrevious(5)`, and `useSubscription`. */
export async function openThread(environment, conversationId) {
  const variables = { conversationId };
  const kept = environment.retain(relay.createOperationDescriptor(relay.getRequest(ThreadQuery), variables));
  await load(environment, ThreadQuery, variables);
  const connection = ConnectionHandler.getConnectionID(conversationId, 'Thread_messages');
  return {
    messages: () => read(environment, conversationId).edges.map(({ node }) => node),

    async loadOlder() {
      const { hasPrevious, startCursor } = read(environment, conversationId);
      if (hasPrevious) await load(environment, OlderQuery, { id: conversationId, last: 5, before: startCursor });
      return hasPrevious;
    },

    // Right after the query: the last edge is where the answer ended, and `cursor` stands for it while there is none.
    // @appendEdge adds what the stream says, one's own messages included, and leaves out what is there already.
    follow(onError) {
      const { cursor, edges } = read(environment, conversationId);
      const following = relay.requestSubscription(environment, {
        subscription: MessageAddedSubscription,
        variables: { conversationId, after: edges.at(-1)?.cursor ?? cursor, connections: [connection] },
        onError,
      });
      return () => following.dispose();
    },

    close: () => kept.dispose(),
  };
}

/** What `usePaginationFragment` would give a component. */
function read(environment, conversationId) {
  let result;
  relay.commitLocalUpdate(environment, (store) => {
    const conversation = store.get(conversationId);
    const messages = ConnectionHandler.getConnection(conversation, 'Thread_messages');
    const pageInfo = messages.getLinkedRecord('pageInfo');
    result = {
      cursor: conversation.getValue('cursor'),
      edges: messages.getLinkedRecords('edges').map((edge) => ({
        cursor: edge.getValue('cursor'),
        node: { id: edge.getLinkedRecord('node').getDataID(), body: edge.getLinkedRecord('node').getValue('body') },
      })),
      hasPrevious: pageInfo.getValue('hasPreviousPage'),
      startCursor: pageInfo.getValue('startCursor'),
    };
  });
  return result;
}

/** Keep `clientMessageId` until there is an answer: sent again with the same one, it is the same message. */
export async function send(environment, { conversationId, body, attachmentIds, clientMessageId }) {
  const variables = { input: { conversationId, body, attachmentIds, clientMessageId } };
  return (await mutate(environment, SendMutation, variables)).sendMessage;
}

export async function upload(environment, file) {
  const uploadables = { 'variables.input.file': file };
  return (await mutate(environment, UploadMutation, { input: { file: null } }, uploadables)).uploadAttachment;
}

const mutate = (environment, mutation, variables, uploadables) =>
  new Promise((resolve, reject) => {
    const done = (data, errors) => (errors ? reject(new Error(errors[0].message)) : resolve(data));
    relay.commitMutation(environment, { mutation, variables, uploadables, onCompleted: done, onError: reject });
  });
