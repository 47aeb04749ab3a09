// The subscriptions of Palaver that can be resumed: the type of their events, and where they stand now.
// tests/test_client_library.py holds this against schema.graphql.

export interface Stream {
  /** The type of its events; that of an object has `cursor` itself, a union's members have it by ResumableEvent. */
  type: string;
  isUnion: boolean;
  /** Asks for the cursor of now. */
  origin: string;
  /** The argument that `origin` needs too, as `$id`. */
  argument?: string;
}

const CONVERSATION = 'query($id:ID!){conversation(id:$id){cursor}}';

export const STREAMS: Readonly<Record<string, Stream>> = {
  messageAdded: { type: 'MessageAddedEvent', isUnion: false, origin: CONVERSATION, argument: 'conversationId' },
  conversationEvents: { type: 'ConversationEvent', isUnion: true, origin: CONVERSATION, argument: 'conversationId' },
  inbox: { type: 'InboxEvent', isUnion: true, origin: '{viewer{inboxCursor}}' },
};
