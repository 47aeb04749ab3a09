// No GraphQL framework: `fetch` for queries and mutations, graphql-ws for what is live. The messages are an array.
import { createFetch } from './fetch.mjs';
import { createLiveClient } from './graphql-ws.mjs';

export function connect({ url, getToken, ...options }) {
  const fetch = createFetch({ getToken });
  const reloads = new Set();
  const onReset = () => Promise.all([...reloads].map((reload) => reload()));
  const live = createLiveClient({ url, getToken, onReset, ...options });

  async function ask(query, variables) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    if (errors) throw new Error(errors[0].message, { cause: errors });
    return data;
  }

  return { ask, url, fetch, live, reloads };
}

const EDGE = 'cursor node { id seq body createdAt sender { id name } attachments { id fileName url } }';

const THREAD = `query Thread($conversationId: ID!, $before: String) {
  conversation(id: $conversationId) {
    id cursor
    messages(last: 5, before: $before) { edges { ${EDGE} } pageInfo { hasPreviousPage startCursor } }
  }
}`;

const MESSAGE_ADDED = `subscription MessageAdded($conversationId: ID!, $after: String) {
  messageAdded(conversationId: $conversationId, after: $after) { cursor messageEdge { ${EDGE} } }
}`;

const INBOX = `subscription Inbox($after: String) {
  inbox(after: $after) {
    __typename
    ... on ResumableEvent { cursor }
    ... on MessageAddedEvent { message { id body conversation { id } } viewer { id unreadMessageCount } }
  }
}`;

const SEND = `mutation Send($input: SendMessageInput!) {
  sendMessage(input: $input) { message { id } errors { code reason path } }
}`;

const UPLOAD = `mutation Upload($input: UploadAttachmentInput!) {
  uploadAttachment(input: $input) { attachment { id fileName mimeType byteSize url } errors { code reason path } }
}`;

export async function openThread(client, conversationId) {
  let thread;
  const load = async () => ({ conversation: thread } = await client.ask(THREAD, { conversationId }));
  await load();
  client.reloads.add(load);
  return {
    messages: () => thread.messages.edges.map(({ node }) => node),

    async loadOlder() {
      const { hasPreviousPage, startCursor } = thread.messages.pageInfo;
      if (hasPreviousPage) {
        const { conversation } = await client.ask(THREAD, { conversationId, before: startCursor });
        thread.messages.edges.unshift(...conversation.messages.edges);
        thread.messages.pageInfo = conversation.messages.pageInfo;
      }
      return hasPreviousPage;
    },

    follow(onError) {
      const take = ({ messageEdge }) => {
        const { edges } = thread.messages;
        if (!edges.some(({ node }) => node.id === messageEdge.node.id)) edges.push(messageEdge);
      };
      const after = thread.messages.edges.at(-1)?.cursor ?? thread.cursor;
      return followMessages(client, conversationId, after, take, onError);
    },
  };
}

/** Every message of a conversation after a cursor, in order, once each. */
export function followMessages(client, conversationId, after, onEvent, onError) {
  return follow(client, MESSAGE_ADDED, { conversationId, after }, ({ messageAdded }) => onEvent(messageAdded), onError);
}

/** Every event for the viewer, after `Viewer.inboxCursor`. */
export function followInbox(client, after, onEvent, onError) {
  return follow(client, INBOX, { after }, ({ inbox }) => onEvent(inbox), onError);
}

function follow(client, query, variables, onData, onError) {
  return client.live.subscribe({ query, variables }, {
    next: ({ data }) => onData(data),
    error: onError,
    complete: () => onError(new Error('The stream has ended')),
  });
}

export async function send(client, { conversationId, body, attachmentIds, clientMessageId }) {
  const input = { conversationId, body, attachmentIds, clientMessageId };
  return (await client.ask(SEND, { input })).sendMessage;
}

/** By the GraphQL multipart request specification: the operation, where its files belong, the files. */
export async function upload(client, file) {
  const body = new FormData();
  body.append('operations', JSON.stringify({ query: UPLOAD, variables: { input: { file: null } } }));
  body.append('map', JSON.stringify({ 0: ['variables.input.file'] }));
  body.append('0', file);
  const response = await client.fetch(client.url, { method: 'POST', body });
  return (await response.json()).data.uploadAttachment;
}
