// What the host's page is told: how much is unread, and what was sent.
import { useEffect } from 'react';
import { useQuery } from 'urql';
import { CountsDocument } from '../inbox/src/api/generated';
import { useSession } from '../inbox/src/api/session';
import { useNavigation } from '../inbox/src/app/navigation';

export type Tell = (name: string, detail: Record<string, unknown>) => void;

export function Events({ tell }: { tell: Tell }) {
  const { outbox } = useSession();
  const { route } = useNavigation();
  const [{ data }] = useQuery({ query: CountsDocument, requestPolicy: 'cache-first' });
  const count = data?.viewer.unreadMessageCount;
  const conversationCount = data?.viewer.unreadConversationCount;

  useEffect(() => {
    if (count !== undefined) tell('palaver-unread', { count, conversationCount });
  }, [tell, count, conversationCount]);

  useEffect(
    () =>
      outbox.onSent(({ to }, conversationId, messageId) => {
        // Several elements of a page share what they send; the one in which it was written tells of it.
        const isHere =
          'subject' in to
            ? route.at === 'new' && route.kind === to.subject.kind && route.externalId === to.subject.externalId
            : route.at === 'conversation' && route.id === to.conversationId;
        if (isHere) tell('palaver-sent', { conversationId, messageId });
      }),
    [tell, outbox, route],
  );
  return null;
}
