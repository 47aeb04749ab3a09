// What staff do in a conversation. Each act is in the audit log, with its reason.
import { useMemo } from 'react';
import type { CombinedError } from 'urql';
import {
  JoinConversationDocument,
  LeaveConversationDocument,
  RemoveMessageDocument,
  SetConversationStateDocument,
} from '../api/generated';
import type { Message } from '../api/messages-in';
import { refusalIn, type Refusal } from '../api/refusal';
import { useSession } from '../api/session';

export type { Refusal };

export interface Acts {
  join(conversationId: string): Promise<Refusal>;
  leave(conversationId: string): Promise<Refusal>;
  setState(conversationId: string, state: 'OPEN' | 'CLOSED', reason: string): Promise<Refusal>;
  /** With what is left of the message. */
  remove(message: Message, reason: string): Promise<{ refusal: Refusal; left?: Message | null }>;
}

export function useActs(): Acts {
  const { client } = useSession();
  return useMemo(
    () => ({
      async join(conversationId) {
        const { data, error } = await client.mutation(JoinConversationDocument, { conversationId }).toPromise();
        return whyNot(data?.joinConversation, error);
      },
      async leave(conversationId) {
        const { data, error } = await client.mutation(LeaveConversationDocument, { conversationId }).toPromise();
        return whyNot(data?.leaveConversation, error);
      },
      async setState(conversationId, state, reason) {
        const variables = { conversationId, state, reason };
        const { data, error } = await client.mutation(SetConversationStateDocument, variables).toPromise();
        return whyNot(data?.setConversationState, error);
      },
      async remove({ id }, reason) {
        const { data, error } = await client.mutation(RemoveMessageDocument, { messageId: id, reason }).toPromise();
        return { refusal: whyNot(data?.removeMessage, error), left: data?.removeMessage.message };
      },
    }),
    [client],
  );
}

interface Payload {
  errors: readonly { code: string; path: readonly string[] }[];
}

function whyNot(payload: Payload | undefined, error: CombinedError | undefined): Refusal {
  const [refused] = payload?.errors ?? [];
  // A state that cannot be had: the conversation is closed with its subject.
  const isState = refused?.code === 'INVALID' && refused.path.at(-1) === 'state';
  return isState ? 'CLOSED_WITH_SUBJECT' : refusalIn(payload?.errors, error);
}
