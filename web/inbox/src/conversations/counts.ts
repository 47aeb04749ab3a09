// How much is unread, over all conversations, as the newest event says.
import { useQuery } from 'urql';
import { CountsDocument } from '../api/generated';

export interface Counts {
  unreadMessages: number;
  unreadConversations: number;
}

export function useCounts(): Counts {
  const [{ data }] = useQuery({ query: CountsDocument, requestPolicy: 'cache-first' });
  return {
    unreadMessages: data?.viewer.unreadMessageCount ?? 0,
    unreadConversations: data?.viewer.unreadConversationCount ?? 0,
  };
}
