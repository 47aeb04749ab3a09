/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
import { gql } from 'urql';
/** Which conversations staff look for: all that is given must hold. */
export type AdminConversationFilter = {
  /** Only those with this in the subject's title or in a participant's name; at most 200 characters. */
  query?: string | null | undefined;
  /** Only those in it. */
  state?: ConversationState | null | undefined;
  /** Only those about a subject of this kind. */
  subjectKind?: string | null | undefined;
};

/** How to show a file. Values may be added. */
export type AttachmentKind =
  /** Something to open elsewhere. */
  | 'DOCUMENT'
  /** A picture. */
  | 'IMAGE'
  /** Something said. */
  | 'VOICE'
  | '%future added value';

/** Why the viewer may not open a conversation about a subject. Values may be added. */
export type ContactRefusal =
  /** One of the two has blocked the other. */
  | 'BLOCKED'
  /** It is the viewer's own. */
  | 'IS_OWNER'
  /** The host did not name the viewer. */
  | 'NOT_A_PARTY'
  /** The viewer has opened many lately. */
  | 'STRANGER_LIMIT'
  /** It is closed. */
  | 'SUBJECT_CLOSED'
  | '%future added value';

/** Which conversations to list: all that is given must hold. Pins do not change the order. */
export type ConversationFilter = {
  /** Only those that the viewer has put away, or has not: false by default; null means both. */
  archived?: boolean | null | undefined;
  /** Only those with this in the subject's title or in somebody's name; at most 200 characters. */
  query?: string | null | undefined;
  /** Only those in it. */
  state?: ConversationState | null | undefined;
  /** Only those about a subject of this kind. */
  subjectKind?: string | null | undefined;
  /** Only those with something unread. */
  unreadOnly?: boolean | null | undefined;
  /** Only those that this person is in too. */
  withUserId?: string | null | undefined;
};

/** Can something be sent? Values may be added. */
export type ConversationState =
  /** It can be read; the host may still add system messages. */
  | 'CLOSED'
  /** It goes on. */
  | 'OPEN'
  | '%future added value';

/** The first words of a conversation. */
export type FirstMessageInput = {
  /** As in `sendMessage`. */
  attachmentIds?: Array<string> | null | undefined;
  /** As in `sendMessage`. */
  body?: string | null | undefined;
  /** As in `sendMessage`; both share one space of keys. */
  clientMessageId: string;
};

/** What a message holds. Values may be added. */
export type MessageKind =
  /** Files of other kinds, perhaps with words. */
  | 'FILE'
  /** Pictures, perhaps with words. */
  | 'IMAGE'
  /** Said by the host application, by nobody in particular. */
  | 'SYSTEM'
  /** Words. */
  | 'TEXT'
  /** Something said. */
  | 'VOICE'
  | '%future added value';

/** Name a subject, or a user (by either id), or both (both: the owner picks which contacter). */
export type OpenConversationInput = {
  /** Sent at once, also when the conversation exists. */
  firstMessage?: FirstMessageInput | null | undefined;
  /** What it is about. */
  subject?: SubjectRef | null | undefined;
  /** With whom, by the host's own id. */
  userExternalId?: string | null | undefined;
  /** With whom. */
  userId?: string | null | undefined;
};

/** Is somebody connected? Values may be added. */
export type PresenceStatus =
  /** None is. */
  | 'OFFLINE'
  /** A device of theirs is connected. */
  | 'ONLINE'
  | '%future added value';

/** Why a message is reported. Values may be added. */
export type ReportReason =
  /** It insults, threatens or harasses. */
  | 'ABUSE'
  /** Something else; the note says what. */
  | 'OTHER'
  /** An attempt to cheat. */
  | 'SCAM'
  /** Advertising that nobody asked for. */
  | 'SPAM'
  | '%future added value';

/** What to send. Words, files, or both. */
export type SendMessageInput = {
  /** Files from `uploadAttachment`, each the sender's own and not sent yet. */
  attachmentIds?: Array<string> | null | undefined;
  /** 1 to 4,000 characters (code points, counted without the white space around them); stored as sent. */
  body?: string | null | undefined;
  /** The sender's own key, such as a UUID, at most 200 characters. Repeating it with the same content returns the first result; with other content, IDEMPOTENCY_CONFLICT. */
  clientMessageId: string;
  /** Where. */
  conversationId: string;
  /** The message that it answers, of the same conversation. */
  replyToId?: string | null | undefined;
};

/** The host's own name for a subject. */
export type SubjectRef = {
  /** The host's own id of it, within its kind. */
  externalId: string;
  /** The host's word for what it is. */
  kind: string;
};

/** Is it still going on? Values may be added. */
export type SubjectState =
  /** It can be talked about. */
  | 'ACTIVE'
  /** Sold, done or cancelled: its conversations can be read only. */
  | 'CLOSED'
  | '%future added value';

/** What kind of refusal it is. Values may be added. */
export type UserErrorCode =
  /** One of the two has blocked the other. */
  | 'BLOCKED'
  /** The viewer may not open a conversation about the subject. */
  | 'CONTACT_REFUSED'
  /** The conversation can be read, and nothing can be sent. */
  | 'CONVERSATION_CLOSED'
  /** The message is too old to be changed. */
  | 'EDIT_WINDOW_PASSED'
  /** The viewer may not do that. */
  | 'FORBIDDEN'
  /** It waits for a look by staff. */
  | 'HELD_FOR_REVIEW'
  /** The key was used before, for another content. */
  | 'IDEMPOTENCY_CONFLICT'
  /** A value cannot be accepted; `path` says which. */
  | 'INVALID'
  /** There is no such thing, or the viewer may not see it. */
  | 'NOT_FOUND'
  /** Too often; `retryAfterMs` says when again. */
  | 'RATE_LIMITED'
  /** A file, or the number of files, is too large. */
  | 'TOO_LARGE'
  /** A text is too long. */
  | 'TOO_LONG'
  /** Files of this kind are not accepted. */
  | 'UNSUPPORTED_MEDIA_TYPE'
  | '%future added value';

export type ReactMutationVariables = Exact<{
  messageId: string;
  emoji: string;
  reacted: boolean;
}>;


export type ReactMutation = { __typename: 'Mutation', react: { __typename: 'ReactPayload', message: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, senderRole: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, clientMessageId: string | null, conversation: { __typename: 'Conversation', id: string }, sender: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } | null, attachments: Array<{ __typename: 'Attachment', id: string, kind: AttachmentKind, fileName: string, mimeType: string, byteSize: number, url: string, urlExpiresAt: string, thumbnailUrl: string | null, width: number | null, height: number | null, durationSeconds: number | null }>, reactions: Array<{ __typename: 'Reaction', emoji: string, count: number, viewerReacted: boolean, users: Array<{ __typename: 'User', id: string, name: string }> }>, replyTo: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, deletedAt: string | null, sender: { __typename: 'User', id: string, name: string } | null } | null } | null, errors: Array<
      | { __typename: 'ContactRefusedError', code: UserErrorCode, reason: string }
      | { __typename: 'InputError', code: UserErrorCode, reason: string }
      | { __typename: 'RateLimitedError', code: UserErrorCode, reason: string }
      | { __typename: 'RefusedError', code: UserErrorCode, reason: string }
    > } };

export type EditMutationVariables = Exact<{
  messageId: string;
  body: string;
}>;


export type EditMutation = { __typename: 'Mutation', editMessage: { __typename: 'EditMessagePayload', message: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, senderRole: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, clientMessageId: string | null, conversation: { __typename: 'Conversation', id: string }, sender: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } | null, attachments: Array<{ __typename: 'Attachment', id: string, kind: AttachmentKind, fileName: string, mimeType: string, byteSize: number, url: string, urlExpiresAt: string, thumbnailUrl: string | null, width: number | null, height: number | null, durationSeconds: number | null }>, reactions: Array<{ __typename: 'Reaction', emoji: string, count: number, viewerReacted: boolean, users: Array<{ __typename: 'User', id: string, name: string }> }>, replyTo: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, deletedAt: string | null, sender: { __typename: 'User', id: string, name: string } | null } | null } | null, errors: Array<
      | { __typename: 'ContactRefusedError', code: UserErrorCode, reason: string }
      | { __typename: 'InputError', code: UserErrorCode, reason: string }
      | { __typename: 'RateLimitedError', code: UserErrorCode, reason: string }
      | { __typename: 'RefusedError', code: UserErrorCode, reason: string }
    > } };

export type DeleteMutationVariables = Exact<{
  messageId: string;
}>;


export type DeleteMutation = { __typename: 'Mutation', deleteMessage: { __typename: 'DeleteMessagePayload', message: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, senderRole: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, clientMessageId: string | null, conversation: { __typename: 'Conversation', id: string }, sender: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } | null, attachments: Array<{ __typename: 'Attachment', id: string, kind: AttachmentKind, fileName: string, mimeType: string, byteSize: number, url: string, urlExpiresAt: string, thumbnailUrl: string | null, width: number | null, height: number | null, durationSeconds: number | null }>, reactions: Array<{ __typename: 'Reaction', emoji: string, count: number, viewerReacted: boolean, users: Array<{ __typename: 'User', id: string, name: string }> }>, replyTo: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, deletedAt: string | null, sender: { __typename: 'User', id: string, name: string } | null } | null } | null, errors: Array<
      | { __typename: 'ContactRefusedError', code: UserErrorCode, reason: string }
      | { __typename: 'InputError', code: UserErrorCode, reason: string }
      | { __typename: 'RateLimitedError', code: UserErrorCode, reason: string }
      | { __typename: 'RefusedError', code: UserErrorCode, reason: string }
    > } };

export type ReportMutationVariables = Exact<{
  messageId: string;
  reason: ReportReason;
  note?: string | null | undefined;
}>;


export type ReportMutation = { __typename: 'Mutation', reportMessage: { __typename: 'ReportMessagePayload', report: { __typename: 'Report', id: string, reason: ReportReason, note: string | null } | null, errors: Array<
      | { __typename: 'ContactRefusedError', code: UserErrorCode, reason: string }
      | { __typename: 'InputError', code: UserErrorCode, reason: string }
      | { __typename: 'RateLimitedError', code: UserErrorCode, reason: string }
      | { __typename: 'RefusedError', code: UserErrorCode, reason: string }
    > } };

export type UserFieldsFragment = { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null };

export type ParticipantFieldsFragment = { __typename: 'Participant', id: string, role: string, lastReadSeq: number, lastDeliveredSeq: number, user: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null, presence: { __typename: 'Presence', status: PresenceStatus, lastSeenAt: string | null } | null } };

export type AttachmentFieldsFragment = { __typename: 'Attachment', id: string, kind: AttachmentKind, fileName: string, mimeType: string, byteSize: number, url: string, urlExpiresAt: string, thumbnailUrl: string | null, width: number | null, height: number | null, durationSeconds: number | null };

export type MessageFieldsFragment = { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, senderRole: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, clientMessageId: string | null, conversation: { __typename: 'Conversation', id: string }, sender: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } | null, attachments: Array<{ __typename: 'Attachment', id: string, kind: AttachmentKind, fileName: string, mimeType: string, byteSize: number, url: string, urlExpiresAt: string, thumbnailUrl: string | null, width: number | null, height: number | null, durationSeconds: number | null }>, reactions: Array<{ __typename: 'Reaction', emoji: string, count: number, viewerReacted: boolean, users: Array<{ __typename: 'User', id: string, name: string }> }>, replyTo: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, deletedAt: string | null, sender: { __typename: 'User', id: string, name: string } | null } | null };

export type MessageEdgeFieldsFragment = { __typename: 'MessageEdge', cursor: string, node: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, senderRole: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, clientMessageId: string | null, conversation: { __typename: 'Conversation', id: string }, sender: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } | null, attachments: Array<{ __typename: 'Attachment', id: string, kind: AttachmentKind, fileName: string, mimeType: string, byteSize: number, url: string, urlExpiresAt: string, thumbnailUrl: string | null, width: number | null, height: number | null, durationSeconds: number | null }>, reactions: Array<{ __typename: 'Reaction', emoji: string, count: number, viewerReacted: boolean, users: Array<{ __typename: 'User', id: string, name: string }> }>, replyTo: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, deletedAt: string | null, sender: { __typename: 'User', id: string, name: string } | null } | null } };

export type SubjectFieldsFragment = { __typename: 'Subject', id: string, kind: string, externalId: string, title: string, url: string | null, imageUrl: string | null, state: SubjectState };

export type ConversationFieldsFragment = { __typename: 'Conversation', id: string, state: ConversationState, createdAt: string, archivedAt: string | null, mutedUntil: string | null, pinnedAt: string | null, unreadCount: number, lastMessageAt: string | null, subject: { __typename: 'Subject', id: string, kind: string, externalId: string, title: string, url: string | null, imageUrl: string | null, state: SubjectState } | null, subjectSnapshot: { __typename: 'SubjectSnapshot', title: string, imageUrl: string | null, url: string | null } | null, participants: Array<{ __typename: 'Participant', id: string, role: string, lastReadSeq: number, lastDeliveredSeq: number, user: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null, presence: { __typename: 'Presence', status: PresenceStatus, lastSeenAt: string | null } | null } }>, counterpart: { __typename: 'Participant', id: string } | null, viewerParticipant: { __typename: 'Participant', id: string } | null, lastMessage: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, deletedAt: string | null, createdAt: string, sender: { __typename: 'User', id: string, name: string } | null, attachments: Array<{ __typename: 'Attachment', id: string, kind: AttachmentKind, fileName: string }> } | null };

export type ViewerCountsFragment = { __typename: 'Viewer', id: string, unreadMessageCount: number, unreadConversationCount: number };

export type StartQueryVariables = Exact<{ [key: string]: never; }>;


export type StartQuery = { __typename: 'Query', viewer: { __typename: 'Viewer', inboxCursor: string, id: string, unreadMessageCount: number, unreadConversationCount: number, user: { __typename: 'User', roles: Array<string>, id: string, externalId: string, name: string, avatarUrl: string | null } } };

export type LiveSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type LiveSubscription = { __typename: 'Subscription', inbox:
    | { __typename: 'ConversationRemovedEvent', cursor: string, conversationId: string, viewer: { __typename: 'Viewer', id: string, unreadMessageCount: number, unreadConversationCount: number } }
    | { __typename: 'ConversationUpdatedEvent', cursor: string, conversation: { __typename: 'Conversation', id: string, state: ConversationState, createdAt: string, archivedAt: string | null, mutedUntil: string | null, pinnedAt: string | null, unreadCount: number, lastMessageAt: string | null, subject: { __typename: 'Subject', id: string, kind: string, externalId: string, title: string, url: string | null, imageUrl: string | null, state: SubjectState } | null, subjectSnapshot: { __typename: 'SubjectSnapshot', title: string, imageUrl: string | null, url: string | null } | null, participants: Array<{ __typename: 'Participant', id: string, role: string, lastReadSeq: number, lastDeliveredSeq: number, user: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null, presence: { __typename: 'Presence', status: PresenceStatus, lastSeenAt: string | null } | null } }>, counterpart: { __typename: 'Participant', id: string } | null, viewerParticipant: { __typename: 'Participant', id: string } | null, lastMessage: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, deletedAt: string | null, createdAt: string, sender: { __typename: 'User', id: string, name: string } | null, attachments: Array<{ __typename: 'Attachment', id: string, kind: AttachmentKind, fileName: string }> } | null }, viewer: { __typename: 'Viewer', id: string, unreadMessageCount: number, unreadConversationCount: number } }
    | { __typename: 'MessageAddedEvent', cursor: string, isReplay: boolean, messageEdge: { __typename: 'MessageEdge', cursor: string, node: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, senderRole: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, clientMessageId: string | null, conversation: { __typename: 'Conversation', id: string }, sender: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } | null, attachments: Array<{ __typename: 'Attachment', id: string, kind: AttachmentKind, fileName: string, mimeType: string, byteSize: number, url: string, urlExpiresAt: string, thumbnailUrl: string | null, width: number | null, height: number | null, durationSeconds: number | null }>, reactions: Array<{ __typename: 'Reaction', emoji: string, count: number, viewerReacted: boolean, users: Array<{ __typename: 'User', id: string, name: string }> }>, replyTo: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, deletedAt: string | null, sender: { __typename: 'User', id: string, name: string } | null } | null } }, message: { __typename: 'Message', id: string, conversation: { __typename: 'Conversation', id: string, state: ConversationState, createdAt: string, archivedAt: string | null, mutedUntil: string | null, pinnedAt: string | null, unreadCount: number, lastMessageAt: string | null, subject: { __typename: 'Subject', id: string, kind: string, externalId: string, title: string, url: string | null, imageUrl: string | null, state: SubjectState } | null, subjectSnapshot: { __typename: 'SubjectSnapshot', title: string, imageUrl: string | null, url: string | null } | null, participants: Array<{ __typename: 'Participant', id: string, role: string, lastReadSeq: number, lastDeliveredSeq: number, user: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null, presence: { __typename: 'Presence', status: PresenceStatus, lastSeenAt: string | null } | null } }>, counterpart: { __typename: 'Participant', id: string } | null, viewerParticipant: { __typename: 'Participant', id: string } | null, lastMessage: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, deletedAt: string | null, createdAt: string, sender: { __typename: 'User', id: string, name: string } | null, attachments: Array<{ __typename: 'Attachment', id: string, kind: AttachmentKind, fileName: string }> } | null } }, viewer: { __typename: 'Viewer', id: string, unreadMessageCount: number, unreadConversationCount: number } }
    | { __typename: 'MessageUpdatedEvent', cursor: string, message: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, senderRole: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, clientMessageId: string | null, conversation: { __typename: 'Conversation', id: string, unreadCount: number }, sender: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } | null, attachments: Array<{ __typename: 'Attachment', id: string, kind: AttachmentKind, fileName: string, mimeType: string, byteSize: number, url: string, urlExpiresAt: string, thumbnailUrl: string | null, width: number | null, height: number | null, durationSeconds: number | null }>, reactions: Array<{ __typename: 'Reaction', emoji: string, count: number, viewerReacted: boolean, users: Array<{ __typename: 'User', id: string, name: string }> }>, replyTo: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, deletedAt: string | null, sender: { __typename: 'User', id: string, name: string } | null } | null }, viewer: { __typename: 'Viewer', id: string, unreadMessageCount: number, unreadConversationCount: number } }
    | { __typename: 'ReceiptEvent', cursor: string, conversation: { __typename: 'Conversation', id: string, unreadCount: number }, participant: { __typename: 'Participant', id: string, role: string, lastReadSeq: number, lastDeliveredSeq: number, user: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null, presence: { __typename: 'Presence', status: PresenceStatus, lastSeenAt: string | null } | null } }, viewer: { __typename: 'Viewer', id: string, unreadMessageCount: number, unreadConversationCount: number } }
    | { __typename: 'ResetEvent', cursor: string, reason: string }
   };

export type PresenceSubscriptionVariables = Exact<{
  userIds: Array<string> | string;
}>;


export type PresenceSubscription = { __typename: 'Subscription', presence: { __typename: 'PresenceEvent', user: { __typename: 'User', id: string, presence: { __typename: 'Presence', status: PresenceStatus, lastSeenAt: string | null } | null } } };

export type UploadMutationVariables = Exact<{
  file: File;
}>;


export type UploadMutation = { __typename: 'Mutation', uploadAttachment: { __typename: 'UploadAttachmentPayload', attachment: { __typename: 'Attachment', id: string, kind: AttachmentKind, fileName: string, mimeType: string, byteSize: number, url: string, urlExpiresAt: string, thumbnailUrl: string | null, width: number | null, height: number | null, durationSeconds: number | null } | null, errors: Array<
      | { __typename: 'ContactRefusedError', code: UserErrorCode, reason: string }
      | { __typename: 'InputError', code: UserErrorCode, reason: string }
      | { __typename: 'RateLimitedError', retryAfterMs: number, code: UserErrorCode, reason: string }
      | { __typename: 'RefusedError', code: UserErrorCode, reason: string }
    > } };

export type AttachmentQueryVariables = Exact<{
  id: string;
}>;


export type AttachmentQuery = { __typename: 'Query', node:
    | { __typename: 'Attachment', id: string, kind: AttachmentKind, fileName: string, mimeType: string, byteSize: number, url: string, urlExpiresAt: string, thumbnailUrl: string | null, width: number | null, height: number | null, durationSeconds: number | null }
    | { __typename: 'AuditEntry' }
    | { __typename: 'Conversation' }
    | { __typename: 'Message' }
    | { __typename: 'MessageTemplate' }
    | { __typename: 'Participant' }
    | { __typename: 'Report' }
    | { __typename: 'Subject' }
    | { __typename: 'User' }
   | null };

export type ConversationsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: ConversationFilter | null | undefined;
}>;


export type ConversationsQuery = { __typename: 'Query', conversations: { __typename: 'ConversationConnection', edges: Array<{ __typename: 'ConversationEdge', cursor: string, node: { __typename: 'Conversation', id: string, state: ConversationState, createdAt: string, archivedAt: string | null, mutedUntil: string | null, pinnedAt: string | null, unreadCount: number, lastMessageAt: string | null, subject: { __typename: 'Subject', id: string, kind: string, externalId: string, title: string, url: string | null, imageUrl: string | null, state: SubjectState } | null, subjectSnapshot: { __typename: 'SubjectSnapshot', title: string, imageUrl: string | null, url: string | null } | null, participants: Array<{ __typename: 'Participant', id: string, role: string, lastReadSeq: number, lastDeliveredSeq: number, user: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null, presence: { __typename: 'Presence', status: PresenceStatus, lastSeenAt: string | null } | null } }>, counterpart: { __typename: 'Participant', id: string } | null, viewerParticipant: { __typename: 'Participant', id: string } | null, lastMessage: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, deletedAt: string | null, createdAt: string, sender: { __typename: 'User', id: string, name: string } | null, attachments: Array<{ __typename: 'Attachment', id: string, kind: AttachmentKind, fileName: string }> } | null } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } };

export type ArchiveMutationVariables = Exact<{
  conversationId: string;
  archived: boolean;
}>;


export type ArchiveMutation = { __typename: 'Mutation', archiveConversation: { __typename: 'ArchiveConversationPayload', conversation: { __typename: 'Conversation', id: string, archivedAt: string | null } | null, errors: Array<
      | { __typename: 'ContactRefusedError', code: UserErrorCode, reason: string }
      | { __typename: 'InputError', code: UserErrorCode, reason: string }
      | { __typename: 'RateLimitedError', code: UserErrorCode, reason: string }
      | { __typename: 'RefusedError', code: UserErrorCode, reason: string }
    > } };

export type MuteMutationVariables = Exact<{
  conversationId: string;
  until?: string | null | undefined;
}>;


export type MuteMutation = { __typename: 'Mutation', muteConversation: { __typename: 'MuteConversationPayload', conversation: { __typename: 'Conversation', id: string, mutedUntil: string | null } | null, errors: Array<
      | { __typename: 'ContactRefusedError', code: UserErrorCode, reason: string }
      | { __typename: 'InputError', code: UserErrorCode, reason: string }
      | { __typename: 'RateLimitedError', code: UserErrorCode, reason: string }
      | { __typename: 'RefusedError', code: UserErrorCode, reason: string }
    > } };

export type PinMutationVariables = Exact<{
  conversationId: string;
  pinned: boolean;
}>;


export type PinMutation = { __typename: 'Mutation', pinConversation: { __typename: 'PinConversationPayload', conversation: { __typename: 'Conversation', id: string, pinnedAt: string | null } | null, errors: Array<
      | { __typename: 'ContactRefusedError', code: UserErrorCode, reason: string }
      | { __typename: 'InputError', code: UserErrorCode, reason: string }
      | { __typename: 'RateLimitedError', code: UserErrorCode, reason: string }
      | { __typename: 'RefusedError', code: UserErrorCode, reason: string }
    > } };

export type CountsQueryVariables = Exact<{ [key: string]: never; }>;


export type CountsQuery = { __typename: 'Query', viewer: { __typename: 'Viewer', id: string, unreadMessageCount: number, unreadConversationCount: number } };

export type ListingQueryVariables = Exact<{
  kind: string;
  externalId: string;
}>;


export type ListingQuery = { __typename: 'Query', subject: { __typename: 'Subject', viewerCanContact: boolean, contactRefusal: ContactRefusal | null, id: string, kind: string, externalId: string, title: string, url: string | null, imageUrl: string | null, state: SubjectState, owner: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } | null, conversations: { __typename: 'ConversationConnection', edges: Array<{ __typename: 'ConversationEdge', cursor: string, node: { __typename: 'Conversation', id: string, counterpart: { __typename: 'Participant', id: string, user: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } } | null } }> } } | null };

export type SearchMessagesQueryVariables = Exact<{
  query: string;
  first: number;
  after?: string | null | undefined;
}>;


export type SearchMessagesQuery = { __typename: 'Query', searchMessages: { __typename: 'MessageSearchConnection', edges: Array<{ __typename: 'MessageSearchEdge', cursor: string, highlights: Array<{ __typename: 'TextRange', start: number, length: number }>, node: { __typename: 'Message', id: string, body: string | null, createdAt: string, sender: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } | null, conversation: { __typename: 'Conversation', id: string, subject: { __typename: 'Subject', id: string, title: string } | null, subjectSnapshot: { __typename: 'SubjectSnapshot', title: string } | null } } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } };

export type SearchHitFragment = { __typename: 'MessageSearchEdge', cursor: string, highlights: Array<{ __typename: 'TextRange', start: number, length: number }>, node: { __typename: 'Message', id: string, body: string | null, createdAt: string, sender: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } | null, conversation: { __typename: 'Conversation', id: string, subject: { __typename: 'Subject', id: string, title: string } | null, subjectSnapshot: { __typename: 'SubjectSnapshot', title: string } | null } } };

export type StaffReportsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type StaffReportsQuery = { __typename: 'Query', admin: { __typename: 'Admin', id: string, reports: { __typename: 'ReportConnection', edges: Array<{ __typename: 'ReportEdge', cursor: string, node: { __typename: 'Report', id: string, reason: ReportReason, note: string | null, messageBody: string | null, createdAt: string, resolvedAt: string | null, reporter: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } | null, message: { __typename: 'Message', id: string, sender: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } | null, conversation: { __typename: 'Conversation', id: string } } | null } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } } | null };

export type StaffAuditQueryVariables = Exact<{
  last: number;
  before?: string | null | undefined;
}>;


export type StaffAuditQuery = { __typename: 'Query', admin: { __typename: 'Admin', id: string, auditLog: { __typename: 'AuditConnection', edges: Array<{ __typename: 'AuditEdge', cursor: string, node: { __typename: 'AuditEntry', id: string, at: string, action: string, target: string | null, reason: string | null, actor: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } | null } }>, pageInfo: { __typename: 'PageInfo', hasPreviousPage: boolean, startCursor: string | null } } } | null };

export type ResolveReportMutationVariables = Exact<{
  reportId: string;
  note?: string | null | undefined;
}>;


export type ResolveReportMutation = { __typename: 'Mutation', resolveReport: { __typename: 'ResolveReportPayload', report: { __typename: 'Report', id: string, resolvedAt: string | null } | null, errors: Array<
      | { __typename: 'ContactRefusedError', code: UserErrorCode, path: Array<string> }
      | { __typename: 'InputError', code: UserErrorCode, path: Array<string> }
      | { __typename: 'RateLimitedError', code: UserErrorCode, path: Array<string> }
      | { __typename: 'RefusedError', code: UserErrorCode, path: Array<string> }
    > } };

export type StaffConversationFieldsFragment = { __typename: 'Conversation', id: string, state: ConversationState, createdAt: string, lastMessageAt: string | null, subject: { __typename: 'Subject', id: string, kind: string, externalId: string, title: string, url: string | null, imageUrl: string | null, state: SubjectState } | null, subjectSnapshot: { __typename: 'SubjectSnapshot', title: string, imageUrl: string | null, url: string | null } | null, participants: Array<{ __typename: 'Participant', id: string, role: string, user: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } }> };

export type StaffConversationsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: AdminConversationFilter | null | undefined;
  participantId?: string | null | undefined;
}>;


export type StaffConversationsQuery = { __typename: 'Query', admin: { __typename: 'Admin', id: string, conversations: { __typename: 'ConversationConnection', edges: Array<{ __typename: 'ConversationEdge', cursor: string, node: { __typename: 'Conversation', id: string, state: ConversationState, createdAt: string, lastMessageAt: string | null, subject: { __typename: 'Subject', id: string, kind: string, externalId: string, title: string, url: string | null, imageUrl: string | null, state: SubjectState } | null, subjectSnapshot: { __typename: 'SubjectSnapshot', title: string, imageUrl: string | null, url: string | null } | null, participants: Array<{ __typename: 'Participant', id: string, role: string, user: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } }> } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } } | null };

export type StaffConversationQueryVariables = Exact<{
  id: string;
}>;


export type StaffConversationQuery = { __typename: 'Query', admin: { __typename: 'Admin', id: string, conversation: { __typename: 'Conversation', id: string, state: ConversationState, createdAt: string, lastMessageAt: string | null, subject: { __typename: 'Subject', id: string, kind: string, externalId: string, title: string, url: string | null, imageUrl: string | null, state: SubjectState } | null, subjectSnapshot: { __typename: 'SubjectSnapshot', title: string, imageUrl: string | null, url: string | null } | null, participants: Array<{ __typename: 'Participant', id: string, role: string, user: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } }> } | null } | null };

export type StaffMessagesQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  around?: string | null | undefined;
}>;


export type StaffMessagesQuery = { __typename: 'Query', admin: { __typename: 'Admin', id: string, conversation: { __typename: 'Conversation', id: string, messages: { __typename: 'MessageConnection', edges: Array<{ __typename: 'MessageEdge', cursor: string, node: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, senderRole: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, clientMessageId: string | null, conversation: { __typename: 'Conversation', id: string }, sender: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } | null, attachments: Array<{ __typename: 'Attachment', id: string, kind: AttachmentKind, fileName: string, mimeType: string, byteSize: number, url: string, urlExpiresAt: string, thumbnailUrl: string | null, width: number | null, height: number | null, durationSeconds: number | null }>, reactions: Array<{ __typename: 'Reaction', emoji: string, count: number, viewerReacted: boolean, users: Array<{ __typename: 'User', id: string, name: string }> }>, replyTo: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, deletedAt: string | null, sender: { __typename: 'User', id: string, name: string } | null } | null } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, hasPreviousPage: boolean } } } | null } | null };

export type JoinConversationMutationVariables = Exact<{
  conversationId: string;
}>;


export type JoinConversationMutation = { __typename: 'Mutation', joinConversation: { __typename: 'JoinConversationPayload', conversation: { __typename: 'Conversation', id: string, state: ConversationState, createdAt: string, lastMessageAt: string | null, subject: { __typename: 'Subject', id: string, kind: string, externalId: string, title: string, url: string | null, imageUrl: string | null, state: SubjectState } | null, subjectSnapshot: { __typename: 'SubjectSnapshot', title: string, imageUrl: string | null, url: string | null } | null, participants: Array<{ __typename: 'Participant', id: string, role: string, user: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } }> } | null, errors: Array<
      | { __typename: 'ContactRefusedError', code: UserErrorCode, path: Array<string> }
      | { __typename: 'InputError', code: UserErrorCode, path: Array<string> }
      | { __typename: 'RateLimitedError', code: UserErrorCode, path: Array<string> }
      | { __typename: 'RefusedError', code: UserErrorCode, path: Array<string> }
    > } };

export type LeaveConversationMutationVariables = Exact<{
  conversationId: string;
}>;


export type LeaveConversationMutation = { __typename: 'Mutation', leaveConversation: { __typename: 'LeaveConversationPayload', conversation: { __typename: 'Conversation', id: string, state: ConversationState, createdAt: string, lastMessageAt: string | null, subject: { __typename: 'Subject', id: string, kind: string, externalId: string, title: string, url: string | null, imageUrl: string | null, state: SubjectState } | null, subjectSnapshot: { __typename: 'SubjectSnapshot', title: string, imageUrl: string | null, url: string | null } | null, participants: Array<{ __typename: 'Participant', id: string, role: string, user: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } }> } | null, errors: Array<
      | { __typename: 'ContactRefusedError', code: UserErrorCode, path: Array<string> }
      | { __typename: 'InputError', code: UserErrorCode, path: Array<string> }
      | { __typename: 'RateLimitedError', code: UserErrorCode, path: Array<string> }
      | { __typename: 'RefusedError', code: UserErrorCode, path: Array<string> }
    > } };

export type SetConversationStateMutationVariables = Exact<{
  conversationId: string;
  state: ConversationState;
  reason?: string | null | undefined;
}>;


export type SetConversationStateMutation = { __typename: 'Mutation', setConversationState: { __typename: 'SetConversationStatePayload', conversation: { __typename: 'Conversation', id: string, state: ConversationState, createdAt: string, lastMessageAt: string | null, subject: { __typename: 'Subject', id: string, kind: string, externalId: string, title: string, url: string | null, imageUrl: string | null, state: SubjectState } | null, subjectSnapshot: { __typename: 'SubjectSnapshot', title: string, imageUrl: string | null, url: string | null } | null, participants: Array<{ __typename: 'Participant', id: string, role: string, user: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } }> } | null, errors: Array<
      | { __typename: 'ContactRefusedError', code: UserErrorCode, path: Array<string> }
      | { __typename: 'InputError', code: UserErrorCode, path: Array<string> }
      | { __typename: 'RateLimitedError', code: UserErrorCode, path: Array<string> }
      | { __typename: 'RefusedError', code: UserErrorCode, path: Array<string> }
    > } };

export type RemoveMessageMutationVariables = Exact<{
  messageId: string;
  reason: string;
}>;


export type RemoveMessageMutation = { __typename: 'Mutation', removeMessage: { __typename: 'RemoveMessagePayload', message: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, senderRole: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, clientMessageId: string | null, conversation: { __typename: 'Conversation', id: string }, sender: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } | null, attachments: Array<{ __typename: 'Attachment', id: string, kind: AttachmentKind, fileName: string, mimeType: string, byteSize: number, url: string, urlExpiresAt: string, thumbnailUrl: string | null, width: number | null, height: number | null, durationSeconds: number | null }>, reactions: Array<{ __typename: 'Reaction', emoji: string, count: number, viewerReacted: boolean, users: Array<{ __typename: 'User', id: string, name: string }> }>, replyTo: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, deletedAt: string | null, sender: { __typename: 'User', id: string, name: string } | null } | null } | null, errors: Array<
      | { __typename: 'ContactRefusedError', code: UserErrorCode, path: Array<string> }
      | { __typename: 'InputError', code: UserErrorCode, path: Array<string> }
      | { __typename: 'RateLimitedError', code: UserErrorCode, path: Array<string> }
      | { __typename: 'RefusedError', code: UserErrorCode, path: Array<string> }
    > } };

export type ThreadQueryVariables = Exact<{
  id: string;
}>;


export type ThreadQuery = { __typename: 'Query', conversation: { __typename: 'Conversation', id: string, state: ConversationState, createdAt: string, archivedAt: string | null, mutedUntil: string | null, pinnedAt: string | null, unreadCount: number, lastMessageAt: string | null, counterpart: { __typename: 'Participant', id: string, user: { __typename: 'User', id: string, name: string, viewerHasBlocked: boolean } } | null, subject: { __typename: 'Subject', id: string, kind: string, externalId: string, title: string, url: string | null, imageUrl: string | null, state: SubjectState } | null, subjectSnapshot: { __typename: 'SubjectSnapshot', title: string, imageUrl: string | null, url: string | null } | null, participants: Array<{ __typename: 'Participant', id: string, role: string, lastReadSeq: number, lastDeliveredSeq: number, user: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null, presence: { __typename: 'Presence', status: PresenceStatus, lastSeenAt: string | null } | null } }>, viewerParticipant: { __typename: 'Participant', id: string } | null, lastMessage: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, deletedAt: string | null, createdAt: string, sender: { __typename: 'User', id: string, name: string } | null, attachments: Array<{ __typename: 'Attachment', id: string, kind: AttachmentKind, fileName: string }> } | null } | null };

export type ThreadStartQueryVariables = Exact<{
  id: string;
}>;


export type ThreadStartQuery = { __typename: 'Query', conversation: { __typename: 'Conversation', id: string, firstUnreadMessage: { __typename: 'Message', id: string, seq: number } | null } | null };

export type MessagePageQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  around?: string | null | undefined;
}>;


export type MessagePageQuery = { __typename: 'Query', conversation: { __typename: 'Conversation', id: string, messages: { __typename: 'MessageConnection', edges: Array<{ __typename: 'MessageEdge', cursor: string, node: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, senderRole: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, clientMessageId: string | null, conversation: { __typename: 'Conversation', id: string }, sender: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } | null, attachments: Array<{ __typename: 'Attachment', id: string, kind: AttachmentKind, fileName: string, mimeType: string, byteSize: number, url: string, urlExpiresAt: string, thumbnailUrl: string | null, width: number | null, height: number | null, durationSeconds: number | null }>, reactions: Array<{ __typename: 'Reaction', emoji: string, count: number, viewerReacted: boolean, users: Array<{ __typename: 'User', id: string, name: string }> }>, replyTo: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, deletedAt: string | null, sender: { __typename: 'User', id: string, name: string } | null } | null } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, hasPreviousPage: boolean } } } | null };

export type SendMutationVariables = Exact<{
  input: SendMessageInput;
}>;


export type SendMutation = { __typename: 'Mutation', sendMessage: { __typename: 'SendMessagePayload', messageEdge: { __typename: 'MessageEdge', cursor: string, node: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, senderRole: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, clientMessageId: string | null, conversation: { __typename: 'Conversation', id: string }, sender: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } | null, attachments: Array<{ __typename: 'Attachment', id: string, kind: AttachmentKind, fileName: string, mimeType: string, byteSize: number, url: string, urlExpiresAt: string, thumbnailUrl: string | null, width: number | null, height: number | null, durationSeconds: number | null }>, reactions: Array<{ __typename: 'Reaction', emoji: string, count: number, viewerReacted: boolean, users: Array<{ __typename: 'User', id: string, name: string }> }>, replyTo: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, deletedAt: string | null, sender: { __typename: 'User', id: string, name: string } | null } | null } } | null, errors: Array<
      | { __typename: 'ContactRefusedError', code: UserErrorCode, reason: string }
      | { __typename: 'InputError', code: UserErrorCode, reason: string }
      | { __typename: 'RateLimitedError', retryAfterMs: number, code: UserErrorCode, reason: string }
      | { __typename: 'RefusedError', code: UserErrorCode, reason: string }
    > } };

export type OpenMutationVariables = Exact<{
  input: OpenConversationInput;
}>;


export type OpenMutation = { __typename: 'Mutation', openConversation: { __typename: 'OpenConversationPayload', conversation: { __typename: 'Conversation', id: string, state: ConversationState, createdAt: string, archivedAt: string | null, mutedUntil: string | null, pinnedAt: string | null, unreadCount: number, lastMessageAt: string | null, subject: { __typename: 'Subject', id: string, kind: string, externalId: string, title: string, url: string | null, imageUrl: string | null, state: SubjectState } | null, subjectSnapshot: { __typename: 'SubjectSnapshot', title: string, imageUrl: string | null, url: string | null } | null, participants: Array<{ __typename: 'Participant', id: string, role: string, lastReadSeq: number, lastDeliveredSeq: number, user: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null, presence: { __typename: 'Presence', status: PresenceStatus, lastSeenAt: string | null } | null } }>, counterpart: { __typename: 'Participant', id: string } | null, viewerParticipant: { __typename: 'Participant', id: string } | null, lastMessage: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, deletedAt: string | null, createdAt: string, sender: { __typename: 'User', id: string, name: string } | null, attachments: Array<{ __typename: 'Attachment', id: string, kind: AttachmentKind, fileName: string }> } | null } | null, messageEdge: { __typename: 'MessageEdge', cursor: string, node: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, senderRole: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, clientMessageId: string | null, conversation: { __typename: 'Conversation', id: string }, sender: { __typename: 'User', id: string, externalId: string, name: string, avatarUrl: string | null } | null, attachments: Array<{ __typename: 'Attachment', id: string, kind: AttachmentKind, fileName: string, mimeType: string, byteSize: number, url: string, urlExpiresAt: string, thumbnailUrl: string | null, width: number | null, height: number | null, durationSeconds: number | null }>, reactions: Array<{ __typename: 'Reaction', emoji: string, count: number, viewerReacted: boolean, users: Array<{ __typename: 'User', id: string, name: string }> }>, replyTo: { __typename: 'Message', id: string, seq: number, kind: MessageKind, body: string | null, deletedAt: string | null, sender: { __typename: 'User', id: string, name: string } | null } | null } } | null, errors: Array<
      | { __typename: 'ContactRefusedError', refusal: ContactRefusal, code: UserErrorCode, reason: string }
      | { __typename: 'InputError', code: UserErrorCode, reason: string }
      | { __typename: 'RateLimitedError', retryAfterMs: number, code: UserErrorCode, reason: string }
      | { __typename: 'RefusedError', code: UserErrorCode, reason: string }
    > } };

export type MarkReadMutationVariables = Exact<{
  conversationId: string;
  upToMessageId: string;
}>;


export type MarkReadMutation = { __typename: 'Mutation', markRead: { __typename: 'MarkReadPayload', conversation: { __typename: 'Conversation', id: string, unreadCount: number, viewerParticipant: { __typename: 'Participant', id: string, lastReadSeq: number, lastDeliveredSeq: number } | null } | null, viewer: { __typename: 'Viewer', id: string, unreadMessageCount: number, unreadConversationCount: number } | null, errors: Array<
      | { __typename: 'ContactRefusedError', code: UserErrorCode, reason: string }
      | { __typename: 'InputError', code: UserErrorCode, reason: string }
      | { __typename: 'RateLimitedError', code: UserErrorCode, reason: string }
      | { __typename: 'RefusedError', code: UserErrorCode, reason: string }
    > } };

export type SetTypingMutationVariables = Exact<{
  conversationId: string;
  isTyping: boolean;
}>;


export type SetTypingMutation = { __typename: 'Mutation', setTyping: { __typename: 'SetTypingPayload', expiresInMs: number, errors: Array<
      | { __typename: 'ContactRefusedError', code: UserErrorCode }
      | { __typename: 'InputError', code: UserErrorCode }
      | { __typename: 'RateLimitedError', code: UserErrorCode }
      | { __typename: 'RefusedError', code: UserErrorCode }
    > } };

export type TypingSubscriptionVariables = Exact<{
  conversationId: string;
}>;


export type TypingSubscription = { __typename: 'Subscription', typing: { __typename: 'TypingEvent', isTyping: boolean, expiresInMs: number, user: { __typename: 'User', id: string, name: string } } };

export type BlockMutationVariables = Exact<{
  userId: string;
  blocked: boolean;
}>;


export type BlockMutation = { __typename: 'Mutation', blockUser: { __typename: 'BlockUserPayload', user: { __typename: 'User', id: string, viewerHasBlocked: boolean, presence: { __typename: 'Presence', status: PresenceStatus, lastSeenAt: string | null } | null } | null, errors: Array<
      | { __typename: 'ContactRefusedError', code: UserErrorCode, reason: string }
      | { __typename: 'InputError', code: UserErrorCode, reason: string }
      | { __typename: 'RateLimitedError', code: UserErrorCode, reason: string }
      | { __typename: 'RefusedError', code: UserErrorCode, reason: string }
    > } };

export const UserFieldsFragmentDoc = gql`
    fragment UserFields on User {
  id
  externalId
  name
  avatarUrl
}
    ` as unknown as DocumentNode<UserFieldsFragment, unknown>;
export const AttachmentFieldsFragmentDoc = gql`
    fragment AttachmentFields on Attachment {
  id
  kind
  fileName
  mimeType
  byteSize
  url
  urlExpiresAt
  thumbnailUrl
  width
  height
  durationSeconds
}
    ` as unknown as DocumentNode<AttachmentFieldsFragment, unknown>;
export const MessageFieldsFragmentDoc = gql`
    fragment MessageFields on Message {
  id
  seq
  kind
  body
  senderRole
  createdAt
  editedAt
  deletedAt
  clientMessageId
  conversation {
    id
  }
  sender {
    ...UserFields
  }
  attachments {
    ...AttachmentFields
  }
  reactions {
    emoji
    count
    viewerReacted
    users {
      id
      name
    }
  }
  replyTo {
    id
    seq
    kind
    body
    deletedAt
    sender {
      id
      name
    }
  }
}
    ` as unknown as DocumentNode<MessageFieldsFragment, unknown>;
export const MessageEdgeFieldsFragmentDoc = gql`
    fragment MessageEdgeFields on MessageEdge {
  cursor
  node {
    ...MessageFields
  }
}
    ` as unknown as DocumentNode<MessageEdgeFieldsFragment, unknown>;
export const SubjectFieldsFragmentDoc = gql`
    fragment SubjectFields on Subject {
  id
  kind
  externalId
  title
  url
  imageUrl
  state
}
    ` as unknown as DocumentNode<SubjectFieldsFragment, unknown>;
export const ParticipantFieldsFragmentDoc = gql`
    fragment ParticipantFields on Participant {
  id
  role
  lastReadSeq
  lastDeliveredSeq
  user {
    ...UserFields
    presence {
      status
      lastSeenAt
    }
  }
}
    ` as unknown as DocumentNode<ParticipantFieldsFragment, unknown>;
export const ConversationFieldsFragmentDoc = gql`
    fragment ConversationFields on Conversation {
  id
  state
  createdAt
  archivedAt
  mutedUntil
  pinnedAt
  unreadCount
  lastMessageAt
  subject {
    ...SubjectFields
  }
  subjectSnapshot {
    title
    imageUrl
    url
  }
  participants {
    ...ParticipantFields
  }
  counterpart {
    id
  }
  viewerParticipant {
    id
  }
  lastMessage {
    id
    seq
    kind
    body
    deletedAt
    createdAt
    sender {
      id
      name
    }
    attachments {
      id
      kind
      fileName
    }
  }
}
    ` as unknown as DocumentNode<ConversationFieldsFragment, unknown>;
export const ViewerCountsFragmentDoc = gql`
    fragment ViewerCounts on Viewer {
  id
  unreadMessageCount
  unreadConversationCount
}
    ` as unknown as DocumentNode<ViewerCountsFragment, unknown>;
export const SearchHitFragmentDoc = gql`
    fragment SearchHit on MessageSearchEdge {
  cursor
  highlights {
    start
    length
  }
  node {
    id
    body
    createdAt
    sender {
      ...UserFields
    }
    conversation {
      id
      subject {
        id
        title
      }
      subjectSnapshot {
        title
      }
    }
  }
}
    ` as unknown as DocumentNode<SearchHitFragment, unknown>;
export const StaffConversationFieldsFragmentDoc = gql`
    fragment StaffConversationFields on Conversation {
  id
  state
  createdAt
  lastMessageAt
  subject {
    ...SubjectFields
  }
  subjectSnapshot {
    title
    imageUrl
    url
  }
  participants {
    id
    role
    user {
      ...UserFields
    }
  }
}
    ` as unknown as DocumentNode<StaffConversationFieldsFragment, unknown>;
export const ReactDocument = gql`
    mutation React($messageId: ID!, $emoji: String!, $reacted: Boolean!) {
  react(input: {messageId: $messageId, emoji: $emoji, reacted: $reacted}) {
    message {
      ...MessageFields
    }
    errors {
      code
      reason
    }
  }
}
    ${MessageFieldsFragmentDoc}
${UserFieldsFragmentDoc}
${AttachmentFieldsFragmentDoc}` as unknown as DocumentNode<ReactMutation, ReactMutationVariables>;
export const EditDocument = gql`
    mutation Edit($messageId: ID!, $body: String!) {
  editMessage(input: {messageId: $messageId, body: $body}) {
    message {
      ...MessageFields
    }
    errors {
      code
      reason
    }
  }
}
    ${MessageFieldsFragmentDoc}
${UserFieldsFragmentDoc}
${AttachmentFieldsFragmentDoc}` as unknown as DocumentNode<EditMutation, EditMutationVariables>;
export const DeleteDocument = gql`
    mutation Delete($messageId: ID!) {
  deleteMessage(input: {messageId: $messageId}) {
    message {
      ...MessageFields
    }
    errors {
      code
      reason
    }
  }
}
    ${MessageFieldsFragmentDoc}
${UserFieldsFragmentDoc}
${AttachmentFieldsFragmentDoc}` as unknown as DocumentNode<DeleteMutation, DeleteMutationVariables>;
export const ReportDocument = gql`
    mutation Report($messageId: ID!, $reason: ReportReason!, $note: String) {
  reportMessage(input: {messageId: $messageId, reason: $reason, note: $note}) {
    report {
      id
      reason
      note
    }
    errors {
      code
      reason
    }
  }
}
    ` as unknown as DocumentNode<ReportMutation, ReportMutationVariables>;
export const StartDocument = gql`
    query Start {
  viewer {
    ...ViewerCounts
    inboxCursor
    user {
      ...UserFields
      roles
    }
  }
}
    ${ViewerCountsFragmentDoc}
${UserFieldsFragmentDoc}` as unknown as DocumentNode<StartQuery, StartQueryVariables>;
export const LiveDocument = gql`
    subscription Live($after: String) {
  inbox(after: $after) {
    __typename
    ... on ResumableEvent {
      cursor
    }
    ... on MessageAddedEvent {
      isReplay
      messageEdge {
        ...MessageEdgeFields
      }
      message {
        id
        conversation {
          ...ConversationFields
        }
      }
      viewer {
        ...ViewerCounts
      }
    }
    ... on MessageUpdatedEvent {
      message {
        ...MessageFields
        conversation {
          id
          unreadCount
        }
      }
      viewer {
        ...ViewerCounts
      }
    }
    ... on ReceiptEvent {
      conversation {
        id
        unreadCount
      }
      participant {
        ...ParticipantFields
      }
      viewer {
        ...ViewerCounts
      }
    }
    ... on ConversationUpdatedEvent {
      conversation {
        ...ConversationFields
      }
      viewer {
        ...ViewerCounts
      }
    }
    ... on ConversationRemovedEvent {
      conversationId
      viewer {
        ...ViewerCounts
      }
    }
    ... on ResetEvent {
      reason
    }
  }
}
    ${MessageEdgeFieldsFragmentDoc}
${MessageFieldsFragmentDoc}
${UserFieldsFragmentDoc}
${AttachmentFieldsFragmentDoc}
${ConversationFieldsFragmentDoc}
${SubjectFieldsFragmentDoc}
${ParticipantFieldsFragmentDoc}
${ViewerCountsFragmentDoc}` as unknown as DocumentNode<LiveSubscription, LiveSubscriptionVariables>;
export const PresenceDocument = gql`
    subscription Presence($userIds: [ID!]!) {
  presence(userIds: $userIds) {
    user {
      id
      presence {
        status
        lastSeenAt
      }
    }
  }
}
    ` as unknown as DocumentNode<PresenceSubscription, PresenceSubscriptionVariables>;
export const UploadDocument = gql`
    mutation Upload($file: Upload!) {
  uploadAttachment(input: {file: $file}) {
    attachment {
      ...AttachmentFields
    }
    errors {
      __typename
      code
      reason
      ... on RateLimitedError {
        retryAfterMs
      }
    }
  }
}
    ${AttachmentFieldsFragmentDoc}` as unknown as DocumentNode<UploadMutation, UploadMutationVariables>;
export const AttachmentDocument = gql`
    query Attachment($id: ID!) {
  node(id: $id) {
    __typename
    ... on Attachment {
      ...AttachmentFields
    }
  }
}
    ${AttachmentFieldsFragmentDoc}` as unknown as DocumentNode<AttachmentQuery, AttachmentQueryVariables>;
export const ConversationsDocument = gql`
    query Conversations($first: Int!, $after: String, $filter: ConversationFilter) {
  conversations(first: $first, after: $after, filter: $filter) {
    edges {
      cursor
      node {
        ...ConversationFields
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    ${ConversationFieldsFragmentDoc}
${SubjectFieldsFragmentDoc}
${ParticipantFieldsFragmentDoc}
${UserFieldsFragmentDoc}` as unknown as DocumentNode<ConversationsQuery, ConversationsQueryVariables>;
export const ArchiveDocument = gql`
    mutation Archive($conversationId: ID!, $archived: Boolean!) {
  archiveConversation(
    input: {conversationId: $conversationId, archived: $archived}
  ) {
    conversation {
      id
      archivedAt
    }
    errors {
      code
      reason
    }
  }
}
    ` as unknown as DocumentNode<ArchiveMutation, ArchiveMutationVariables>;
export const MuteDocument = gql`
    mutation Mute($conversationId: ID!, $until: DateTime) {
  muteConversation(input: {conversationId: $conversationId, until: $until}) {
    conversation {
      id
      mutedUntil
    }
    errors {
      code
      reason
    }
  }
}
    ` as unknown as DocumentNode<MuteMutation, MuteMutationVariables>;
export const PinDocument = gql`
    mutation Pin($conversationId: ID!, $pinned: Boolean!) {
  pinConversation(input: {conversationId: $conversationId, pinned: $pinned}) {
    conversation {
      id
      pinnedAt
    }
    errors {
      code
      reason
    }
  }
}
    ` as unknown as DocumentNode<PinMutation, PinMutationVariables>;
export const CountsDocument = gql`
    query Counts {
  viewer {
    ...ViewerCounts
  }
}
    ${ViewerCountsFragmentDoc}` as unknown as DocumentNode<CountsQuery, CountsQueryVariables>;
export const ListingDocument = gql`
    query Listing($kind: String!, $externalId: ID!) {
  subject(kind: $kind, externalId: $externalId) {
    ...SubjectFields
    viewerCanContact
    contactRefusal
    owner {
      ...UserFields
    }
    conversations(first: 1) {
      edges {
        cursor
        node {
          id
          counterpart {
            id
            user {
              ...UserFields
            }
          }
        }
      }
    }
  }
}
    ${SubjectFieldsFragmentDoc}
${UserFieldsFragmentDoc}` as unknown as DocumentNode<ListingQuery, ListingQueryVariables>;
export const SearchMessagesDocument = gql`
    query SearchMessages($query: String!, $first: Int!, $after: String) {
  searchMessages(query: $query, first: $first, after: $after) {
    edges {
      ...SearchHit
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    ${SearchHitFragmentDoc}
${UserFieldsFragmentDoc}` as unknown as DocumentNode<SearchMessagesQuery, SearchMessagesQueryVariables>;
export const StaffReportsDocument = gql`
    query StaffReports($first: Int!, $after: String) {
  admin {
    id
    reports(first: $first, after: $after) {
      edges {
        cursor
        node {
          id
          reason
          note
          messageBody
          createdAt
          resolvedAt
          reporter {
            ...UserFields
          }
          message {
            id
            sender {
              ...UserFields
            }
            conversation {
              id
            }
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    ${UserFieldsFragmentDoc}` as unknown as DocumentNode<StaffReportsQuery, StaffReportsQueryVariables>;
export const StaffAuditDocument = gql`
    query StaffAudit($last: Int!, $before: String) {
  admin {
    id
    auditLog(last: $last, before: $before) {
      edges {
        cursor
        node {
          id
          at
          action
          target
          reason
          actor {
            ...UserFields
          }
        }
      }
      pageInfo {
        hasPreviousPage
        startCursor
      }
    }
  }
}
    ${UserFieldsFragmentDoc}` as unknown as DocumentNode<StaffAuditQuery, StaffAuditQueryVariables>;
export const ResolveReportDocument = gql`
    mutation ResolveReport($reportId: ID!, $note: String) {
  resolveReport(input: {reportId: $reportId, note: $note}) {
    report {
      id
      resolvedAt
    }
    errors {
      code
      path
    }
  }
}
    ` as unknown as DocumentNode<ResolveReportMutation, ResolveReportMutationVariables>;
export const StaffConversationsDocument = gql`
    query StaffConversations($first: Int!, $after: String, $filter: AdminConversationFilter, $participantId: ID) {
  admin {
    id
    conversations(
      first: $first
      after: $after
      filter: $filter
      participantId: $participantId
    ) {
      edges {
        cursor
        node {
          ...StaffConversationFields
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    ${StaffConversationFieldsFragmentDoc}
${SubjectFieldsFragmentDoc}
${UserFieldsFragmentDoc}` as unknown as DocumentNode<StaffConversationsQuery, StaffConversationsQueryVariables>;
export const StaffConversationDocument = gql`
    query StaffConversation($id: ID!) {
  admin {
    id
    conversation(id: $id) {
      ...StaffConversationFields
    }
  }
}
    ${StaffConversationFieldsFragmentDoc}
${SubjectFieldsFragmentDoc}
${UserFieldsFragmentDoc}` as unknown as DocumentNode<StaffConversationQuery, StaffConversationQueryVariables>;
export const StaffMessagesDocument = gql`
    query StaffMessages($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $around: ID) {
  admin {
    id
    conversation(id: $id) {
      id
      messages(
        first: $first
        after: $after
        last: $last
        before: $before
        around: $around
      ) {
        edges {
          ...MessageEdgeFields
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
        }
      }
    }
  }
}
    ${MessageEdgeFieldsFragmentDoc}
${MessageFieldsFragmentDoc}
${UserFieldsFragmentDoc}
${AttachmentFieldsFragmentDoc}` as unknown as DocumentNode<StaffMessagesQuery, StaffMessagesQueryVariables>;
export const JoinConversationDocument = gql`
    mutation JoinConversation($conversationId: ID!) {
  joinConversation(input: {conversationId: $conversationId}) {
    conversation {
      ...StaffConversationFields
    }
    errors {
      code
      path
    }
  }
}
    ${StaffConversationFieldsFragmentDoc}
${SubjectFieldsFragmentDoc}
${UserFieldsFragmentDoc}` as unknown as DocumentNode<JoinConversationMutation, JoinConversationMutationVariables>;
export const LeaveConversationDocument = gql`
    mutation LeaveConversation($conversationId: ID!) {
  leaveConversation(input: {conversationId: $conversationId}) {
    conversation {
      ...StaffConversationFields
    }
    errors {
      code
      path
    }
  }
}
    ${StaffConversationFieldsFragmentDoc}
${SubjectFieldsFragmentDoc}
${UserFieldsFragmentDoc}` as unknown as DocumentNode<LeaveConversationMutation, LeaveConversationMutationVariables>;
export const SetConversationStateDocument = gql`
    mutation SetConversationState($conversationId: ID!, $state: ConversationState!, $reason: String) {
  setConversationState(
    input: {conversationId: $conversationId, state: $state, reason: $reason}
  ) {
    conversation {
      ...StaffConversationFields
    }
    errors {
      code
      path
    }
  }
}
    ${StaffConversationFieldsFragmentDoc}
${SubjectFieldsFragmentDoc}
${UserFieldsFragmentDoc}` as unknown as DocumentNode<SetConversationStateMutation, SetConversationStateMutationVariables>;
export const RemoveMessageDocument = gql`
    mutation RemoveMessage($messageId: ID!, $reason: String!) {
  removeMessage(input: {messageId: $messageId, reason: $reason}) {
    message {
      ...MessageFields
    }
    errors {
      code
      path
    }
  }
}
    ${MessageFieldsFragmentDoc}
${UserFieldsFragmentDoc}
${AttachmentFieldsFragmentDoc}` as unknown as DocumentNode<RemoveMessageMutation, RemoveMessageMutationVariables>;
export const ThreadDocument = gql`
    query Thread($id: ID!) {
  conversation(id: $id) {
    ...ConversationFields
    counterpart {
      id
      user {
        id
        name
        viewerHasBlocked
      }
    }
  }
}
    ${ConversationFieldsFragmentDoc}
${SubjectFieldsFragmentDoc}
${ParticipantFieldsFragmentDoc}
${UserFieldsFragmentDoc}` as unknown as DocumentNode<ThreadQuery, ThreadQueryVariables>;
export const ThreadStartDocument = gql`
    query ThreadStart($id: ID!) {
  conversation(id: $id) {
    id
    firstUnreadMessage {
      id
      seq
    }
  }
}
    ` as unknown as DocumentNode<ThreadStartQuery, ThreadStartQueryVariables>;
export const MessagePageDocument = gql`
    query MessagePage($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $around: ID) {
  conversation(id: $id) {
    id
    messages(
      first: $first
      after: $after
      last: $last
      before: $before
      around: $around
    ) {
      edges {
        ...MessageEdgeFields
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
      }
    }
  }
}
    ${MessageEdgeFieldsFragmentDoc}
${MessageFieldsFragmentDoc}
${UserFieldsFragmentDoc}
${AttachmentFieldsFragmentDoc}` as unknown as DocumentNode<MessagePageQuery, MessagePageQueryVariables>;
export const SendDocument = gql`
    mutation Send($input: SendMessageInput!) {
  sendMessage(input: $input) {
    messageEdge {
      ...MessageEdgeFields
    }
    errors {
      __typename
      code
      reason
      ... on RateLimitedError {
        retryAfterMs
      }
    }
  }
}
    ${MessageEdgeFieldsFragmentDoc}
${MessageFieldsFragmentDoc}
${UserFieldsFragmentDoc}
${AttachmentFieldsFragmentDoc}` as unknown as DocumentNode<SendMutation, SendMutationVariables>;
export const OpenDocument = gql`
    mutation Open($input: OpenConversationInput!) {
  openConversation(input: $input) {
    conversation {
      ...ConversationFields
    }
    messageEdge {
      ...MessageEdgeFields
    }
    errors {
      __typename
      code
      reason
      ... on ContactRefusedError {
        refusal
      }
      ... on RateLimitedError {
        retryAfterMs
      }
    }
  }
}
    ${ConversationFieldsFragmentDoc}
${SubjectFieldsFragmentDoc}
${ParticipantFieldsFragmentDoc}
${UserFieldsFragmentDoc}
${MessageEdgeFieldsFragmentDoc}
${MessageFieldsFragmentDoc}
${AttachmentFieldsFragmentDoc}` as unknown as DocumentNode<OpenMutation, OpenMutationVariables>;
export const MarkReadDocument = gql`
    mutation MarkRead($conversationId: ID!, $upToMessageId: ID!) {
  markRead(
    input: {conversationId: $conversationId, upToMessageId: $upToMessageId}
  ) {
    conversation {
      id
      unreadCount
      viewerParticipant {
        id
        lastReadSeq
        lastDeliveredSeq
      }
    }
    viewer {
      ...ViewerCounts
    }
    errors {
      code
      reason
    }
  }
}
    ${ViewerCountsFragmentDoc}` as unknown as DocumentNode<MarkReadMutation, MarkReadMutationVariables>;
export const SetTypingDocument = gql`
    mutation SetTyping($conversationId: ID!, $isTyping: Boolean!) {
  setTyping(input: {conversationId: $conversationId, isTyping: $isTyping}) {
    expiresInMs
    errors {
      code
    }
  }
}
    ` as unknown as DocumentNode<SetTypingMutation, SetTypingMutationVariables>;
export const TypingDocument = gql`
    subscription Typing($conversationId: ID!) {
  typing(conversationId: $conversationId) {
    user {
      id
      name
    }
    isTyping
    expiresInMs
  }
}
    ` as unknown as DocumentNode<TypingSubscription, TypingSubscriptionVariables>;
export const BlockDocument = gql`
    mutation Block($userId: ID!, $blocked: Boolean!) {
  blockUser(input: {userId: $userId, blocked: $blocked}) {
    user {
      id
      viewerHasBlocked
      presence {
        status
        lastSeenAt
      }
    }
    errors {
      code
      reason
    }
  }
}
    ` as unknown as DocumentNode<BlockMutation, BlockMutationVariables>;