// The conversations of a filter, newest first, kept true by the live inbox.
import { useEffect, useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { ConversationsDocument, type ConversationFilter } from '../api/generated';
import { useSession } from '../api/session';
import { inOrder, type Conversation } from './people';

export type Which = 'all' | 'unread' | 'archived';

const PAGE = 30;
/** Of so many conversations that were taken away lately is known that they were. */
const MOST_GONE = 100;

const FILTERS: Record<Which, ConversationFilter> = {
  all: { archived: false },
  unread: { archived: false, unreadOnly: true },
  archived: { archived: true },
};

export interface List {
  conversations: Conversation[];
  status: 'loading' | 'ready' | 'failed';
  hasMore: boolean;
  loadMore(): void;
  reload(): void;
}

export function useList(which: Which, selectedId: string | undefined): List {
  const { live } = useSession();
  // The end of the last page, of this filter: a place in another one's list says nothing here.
  const [last, setLast] = useState<{ which: Which; after: string | null }>({ which, after: null });
  const after = last.which === which ? last.after : null;
  const filter = FILTERS[which];
  const [{ data, error }, ask] = useQuery({ query: ConversationsDocument, variables: { first: PAGE, after, filter } });
  // The first page once more, when something came in that no page has.
  const [, reload] = useQuery({ query: ConversationsDocument, variables: { first: PAGE, after: null, filter }, pause: true });
  const again = (): void => reload({ requestPolicy: 'network-only' });

  // An answer may be older than the event that took one of its conversations away: that one is not shown any more.
  const [gone, setGone] = useState<string[]>([]);

  useEffect(() =>
    live.onRefetch(() => {
      setGone([]);
      again();
    }),
  );

  const nodes = useMemo(
    () => data?.conversations.edges.map(({ node }) => node).filter(({ id }) => !gone.includes(id)) ?? [],
    [data, gone],
  );

  useEffect(() => {
    const known = new Set(nodes.map(({ id }) => id));
    return live.listen((event) => {
      if (event.__typename === 'ConversationRemovedEvent') {
        setGone((before) => [event.conversationId, ...before].slice(0, MOST_GONE));
        if (known.has(event.conversationId)) again();
      }
      const told =
        event.__typename === 'MessageAddedEvent' ? event.message.conversation.id
        : event.__typename === 'ConversationUpdatedEvent' ? event.conversation.id
        : undefined;
      if (told === undefined) return;
      setGone((before) => (before.includes(told) ? before.filter((id) => id !== told) : before));
      if (!known.has(told)) again();
    });
  });

  // The cache changes what is in a page, the filter asked for it a while ago. What one is looking at stays.
  const fits = (one: Conversation): boolean => {
    if (which === 'archived') return one.archivedAt !== null;
    if (one.archivedAt !== null) return false;
    return which === 'all' || one.unreadCount > 0 || one.id === selectedId;
  };

  const pageInfo = data?.conversations.pageInfo;
  return {
    conversations: inOrder(nodes.filter(fits)),
    status: data ? 'ready' : error ? 'failed' : 'loading',
    hasMore: pageInfo?.hasNextPage ?? false,
    loadMore: () => pageInfo?.hasNextPage && setLast({ which, after: pageInfo.endCursor }),
    reload: () => ask({ requestPolicy: 'network-only' }),
  };
}
