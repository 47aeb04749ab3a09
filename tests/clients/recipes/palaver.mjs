// @palaver/client without a framework. The messages are an array; the documents say nothing of cursors, which it adds.
import { createPalaver } from '@palaver/client';

export function connect({ url, getToken, webSocketImpl, keepAlive }) {
  return createPalaver({
    url,
    token: (reason) => getToken({ fresh: reason !== 'start' }),
    WebSocket: webSocketImpl,
    keepAlive,
    patience: keepAlive,
  });
}

const MESSAGE = 'id seq body createdAt sender { id name } attachments { id fileName url }';

const THREAD = `query Thread($conversationId: ID!, $before: String) {
  conversation(id: $conversationId) {
    id cursor
    messages(last: 5, before: $before) { edges { cursor node { ${MESSAGE} } } pageInfo { hasPreviousPage startCursor } }
  }
}`;

const MESSAGE_ADDED = `subscription MessageAdded($conversationId: ID!) {
  messageAdded(conversationId: $conversationId) { messageEdge { cursor node { ${MESSAGE} } } }
}`;

const CONVERSATION_EVENTS = `subscription Everything($conversationId: ID!) {
  conversationEvents(conversationId: $conversationId) { ... on MessageAddedEvent { message { id body } } }
}`;

const INBOX = `subscription { inbox { ...Said } }
fragment Said on MessageAddedEvent { message { id body conversation { id } } viewer { id unreadMessageCount } }`;

const SEND = `mutation Send($input: SendMessageInput!) {
  sendMessage(input: $input) { message { id } errors { code reason path } }
}`;

const UPLOAD = `mutation Upload($input: UploadAttachmentInput!) {
  uploadAttachment(input: $input) { attachment { id fileName mimeType byteSize url } errors { code reason path } }
}`;

async function ask(palaver, query, variables) {
  const { data, errors } = await palaver.execute({ query, variables });
  if (errors) throw new Error(errors[0].message, { cause: errors });
  return data;
}

export async function openThread(palaver, conversationId) {
  let thread;
  const load = async () => ({ conversation: thread } = await ask(palaver, THREAD, { conversationId }));
  await load();
  palaver.onReset(load);
  return {
    messages: () => thread.messages.edges.map(({ node }) => node),

    async loadOlder() {
      const { hasPreviousPage, startCursor } = thread.messages.pageInfo;
      if (hasPreviousPage) {
        const { conversation } = await ask(palaver, THREAD, { conversationId, before: startCursor });
        thread.messages.edges.unshift(...conversation.messages.edges);
        thread.messages.pageInfo = conversation.messages.pageInfo;
      }
      return hasPreviousPage;
    },

    // From the end of the page: `after` is taken though the document does not name it.
    follow(onError) {
      const after = thread.messages.edges.at(-1)?.cursor ?? thread.cursor;
      const newest = () => thread.messages.edges.at(-1)?.node.seq ?? 0;
      // What was fetched again after a reset was read after the stream's fresh cursor: the first events may be in it.
      const take = ({ messageEdge }) => messageEdge.node.seq > newest() && thread.messages.edges.push(messageEdge);
      return followMessages(palaver, conversationId, after, take, onError);
    },
  };
}

export const followMessages = (palaver, conversationId, after, onEvent, onError) =>
  follow(palaver, MESSAGE_ADDED, { conversationId, after }, ({ messageAdded }) => onEvent(messageAdded), onError);

export const followConversation = (palaver, conversationId, after, onEvent, onError) =>
  follow(palaver, CONVERSATION_EVENTS, { conversationId, after }, (data) => onEvent(data.conversationEvents), onError);

export const followInbox = (palaver, after, onEvent, onError) =>
  follow(palaver, INBOX, { after }, ({ inbox }) => onEvent(inbox), onError);

function follow(palaver, query, variables, onData, onError) {
  return palaver.subscribe({ query, variables }, {
    next: ({ data }) => onData(data),
    error: onError,
    complete: () => onError(new Error('The stream has ended')),
  });
}

export const send = async (palaver, { conversationId, body, attachmentIds, clientMessageId }) =>
  (await ask(palaver, SEND, { input: { conversationId, body, attachmentIds, clientMessageId } })).sendMessage;

export const upload = async (palaver, file) => (await ask(palaver, UPLOAD, { input: { file } })).uploadAttachment;
