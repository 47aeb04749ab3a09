// What is shown at once, before the server has answered; if it refuses, or cannot be reached, it is taken back.
import type { OptimisticMutationConfig } from '@urql/exchange-graphcache';

interface Wish {
  conversationId: string;
  archived?: boolean;
  pinned?: boolean;
  until?: string | null;
}

const now = (): string => new Date().toISOString();

const changed = (payload: string, fields: (wish: Wish) => Record<string, string | null>) => (args: unknown) => {
  const { input } = args as { input: Wish };
  const conversation = { __typename: 'Conversation', id: input.conversationId, ...fields(input) };
  return { __typename: payload, conversation, errors: [] };
};

export const optimistic: OptimisticMutationConfig = {
  archiveConversation: changed('ArchiveConversationPayload', ({ archived }) => ({ archivedAt: archived ? now() : null })),
  muteConversation: changed('MuteConversationPayload', ({ until }) => ({ mutedUntil: until ?? null })),
  pinConversation: changed('PinConversationPayload', ({ pinned }) => ({ pinnedAt: pinned ? now() : null })),
};
